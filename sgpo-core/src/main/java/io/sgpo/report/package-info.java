/** The report of a run, as one page of HTML. */
@NullMarked
package io.sgpo.report;

import org.jspecify.annotations.NullMarked;
