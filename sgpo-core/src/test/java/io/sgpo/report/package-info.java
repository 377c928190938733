@NullMarked
package io.sgpo.report;

import org.jspecify.annotations.NullMarked;
