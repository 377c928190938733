@NullMarked
package io.sgpo.examples.faults;

import org.jspecify.annotations.NullMarked;
