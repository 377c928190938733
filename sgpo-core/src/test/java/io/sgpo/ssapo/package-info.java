@NullMarked
package io.sgpo.ssapo;

import org.jspecify.annotations.NullMarked;
