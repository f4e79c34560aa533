/** Small programs that show one thing each. The build compiles them and runs each in a test. */
@NullMarked
package dev.kestrel.examples;

import org.jspecify.annotations.NullMarked;
