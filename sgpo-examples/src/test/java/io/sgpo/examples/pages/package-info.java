/** The pages in docs show code that is compiled, and it runs. */
@NullMarked
package io.sgpo.examples.pages;

import org.jspecify.annotations.NullMarked;
