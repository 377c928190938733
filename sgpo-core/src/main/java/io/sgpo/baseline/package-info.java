/** What SSAPO and SLHF are compared with: DPO and iterative DPO. */
@NullMarked
package io.sgpo.baseline;

import org.jspecify.annotations.NullMarked;
