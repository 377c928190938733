/** Contract tests: one abstract class per interface, a subclass per implementation. */
@NullMarked
package io.sgpo.contract;

import org.jspecify.annotations.NullMarked;
