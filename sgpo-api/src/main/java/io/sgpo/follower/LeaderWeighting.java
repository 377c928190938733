package io.sgpo.follower;

/**
 * How the leader weights pairs, given the follower's worst case. Notation: m_i is the share of pair
 * i's mass that the follower moved to the lower end a of the support, λ* the dual price, s(ξ) =
 * |ℓ'(ξ)|. Under every weighting ε = 0 gives w ≡ 1, plain DPO.
 */
public enum LeaderWeighting {

  /**
   * The gradient of the robust value (envelope theorem), with the support held fixed: g_i = (1 −
   * m_i) s(ξ_i) + m_i λ*. The influence of a pair is capped at λ*. The default.
   */
  ENVELOPE,

  /**
   * The paper's text, the loss weighted by the mixing variables s_ik: g_i = (1 − m_i) s(ξ_i) + m_i
   * s(a) (the displacements are kept). Not the gradient of the robust value with a fixed; {@code >=
   * 1} everywhere. Harmful when solved only once per round.
   */
  TANGENT_MIXTURE,

  /**
   * The worst-case distribution over the observed pairs: solved again with a := min ξ, a pair's
   * weight is N times the mass that ends on its gap. It concentrates; watch the effective sample
   * size.
   */
  ATOMS,

  /** Algorithm 1 read literally (Σ_k s_ik = 1): w ≡ 1, which is plain DPO and not robust. */
  UNIFORM
}
