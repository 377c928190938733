/** The code of the pages in docs, compiled; tests hold that the pages show it and that it runs. */
@NullMarked
package io.sgpo.examples.pages;

import org.jspecify.annotations.NullMarked;
