/**
 * The follower timed against solvers of linear programs: ojAlgo and OR-tools' GLOP and PDLP. Built
 * by {@code -Ppeers} only.
 */
@NullMarked
package io.sgpo.peers;

import org.jspecify.annotations.NullMarked;
