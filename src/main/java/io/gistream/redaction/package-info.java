/**
 * Text with what must not be kept masked: e-mail addresses, telephone and card numbers, and
 * whatever else expressions describe.
 *
 * <pre>{@code
 * new Redactor(masks).apply("mail ada@example.com") // "mail [email]"
 * }</pre>
 */
@NullMarked
package io.gistream.redaction;

import org.jspecify.annotations.NullMarked;
