/** The proof of exactly once while processors and brokers are killed. */
package io.gistream.chaos;
