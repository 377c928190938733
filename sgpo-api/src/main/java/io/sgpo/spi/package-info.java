/** What an engine or a follower of one's own implements. */
@NullMarked
package io.sgpo.spi;

import org.jspecify.annotations.NullMarked;
