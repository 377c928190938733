/**
 * The follower of SSAPO: worst-case preference distributions and the leader weightings they imply.
 */
@NullMarked
package io.sgpo.follower;

import org.jspecify.annotations.NullMarked;
