/** SLHF (arXiv 2512.16626): a leader that answers and a follower that improves what it sees. */
@NullMarked
package io.sgpo.slhf;

import org.jspecify.annotations.NullMarked;
