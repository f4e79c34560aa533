/**
 * Files from a directory, served safely: {@link dev.kestrel.app.files.StaticFiles} finds them
 * ({@code FileLocator}), says what they are ({@code FileResponse}), sends them whole or in parts
 * ({@code MultipartRanges}) and, when it was asked to, lists directories ({@code DirectoryPage}).
 *
 * <p>Two rules hold everywhere: what leaves the root, by whatever means, does not exist; and what
 * is not a plain file is never opened. A file belongs to nobody while it is served: it may change,
 * and then the connection ends rather than carry two halves of different files.
 */
@NullMarked
package dev.kestrel.app.files;

import org.jspecify.annotations.NullMarked;
