@NullMarked
package io.sgpo.judge.http;

import org.jspecify.annotations.NullMarked;
