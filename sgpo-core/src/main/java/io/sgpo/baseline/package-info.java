/** What SSAPO and SLHF are compared with: DPO, iterative DPO, RLOO and Nash-MD. */
@NullMarked
package io.sgpo.baseline;

import org.jspecify.annotations.NullMarked;
