/**
 * Followers of SSAPO: solvers of the inner problem V(ε) = sup { E_Q ℓ : Q on [a, b], W₁(Q, P̂) ≤ ε
 * } over the distribution of preference gaps. Begin at {@link io.sgpo.solvers.follower.Followers}.
 */
@NullMarked
package io.sgpo.solvers.follower;

import org.jspecify.annotations.NullMarked;
