/**
 * SSAPO (arXiv 2502.18099): few labels, self-annotation, and a worst-case follower in gap space;
 * and the one pipeline that DPO and iterative DPO share with it.
 */
@NullMarked
package io.sgpo.ssapo;

import org.jspecify.annotations.NullMarked;
