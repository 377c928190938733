package io.sgpo.store;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The default file system, of which one operation that changes something (a write, a force, a
 * rename, a creation, a deletion) fails: a write leaves half of its bytes. After it either all
 * others fail too, as when the machine is gone, or only those that need room, as on a full disk.
 */
final class FaultyFiles {

  /** What fails besides the chosen operation. */
  enum Afterwards {
    EVERYTHING,
    WRITES,
    NOTHING
  }

  private final FileSystem real = FileSystems.getDefault();
  private final FaultyProvider provider = new FaultyProvider();
  private final FaultySystem system = new FaultySystem();
  private final long failing;
  private final Afterwards afterwards;
  private long operations;
  private boolean failed;

  /**
   * @param failing the number of the operation that fails, from 1
   */
  FaultyFiles(long failing, Afterwards afterwards) {
    this.failing = failing;
    this.afterwards = afterwards;
  }

  Path path(Path path) {
    return wrap(path);
  }

  /** How many operations there were. */
  synchronized long operations() {
    return operations;
  }

  /** Counts an operation, and tells whether it fails. */
  private synchronized boolean fails(boolean needsRoom) {
    operations++;
    if (operations == failing) {
      failed = true;
      return true;
    }
    return failed
        && (afterwards == Afterwards.EVERYTHING || (afterwards == Afterwards.WRITES && needsRoom));
  }

  private void change(boolean needsRoom) throws IOException {
    if (fails(needsRoom)) {
      throw new IOException("No space left on device");
    }
  }

  private Path wrap(Path path) {
    return (Path)
        Proxy.newProxyInstance(
            FaultyFiles.class.getClassLoader(),
            new Class<?>[] {Path.class, Wrapped.class},
            (self, method, arguments) -> {
              Object[] unwrapped = arguments == null ? new Object[0] : arguments.clone();
              for (int i = 0; i < unwrapped.length; i++) {
                unwrapped[i] = unwrap(unwrapped[i]);
              }
              Object own = own(method.getName(), path);
              if (own != null) {
                return own;
              }
              try {
                Object result = method.invoke(path, unwrapped);
                return result instanceof Path other ? wrap(other) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** What a path of this file system answers itself. */
  private @Nullable Object own(String method, Path path) {
    return switch (method) {
      case "getFileSystem" -> system;
      case "unwrapped" -> path;
      case "toFile" -> throw new UnsupportedOperationException("not by java.io");
      case "iterator" -> iterator(path.iterator());
      default -> null;
    };
  }

  private Iterator<Path> iterator(Iterator<Path> paths) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return paths.hasNext();
      }

      @Override
      public Path next() {
        return wrap(paths.next());
      }
    };
  }

  /** A path of this file system. */
  private interface Wrapped {
    Path unwrapped();
  }

  private static @Nullable Object unwrap(@Nullable Object value) {
    return value instanceof Wrapped wrapped ? wrapped.unwrapped() : value;
  }

  private static Path plain(Path path) {
    return (Path) unwrap(path);
  }

  private final class FaultyProvider extends FileSystemProvider {

    private final FileSystemProvider plain = real.provider();

    @Override
    public String getScheme() {
      return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return system;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      if (options.contains(StandardOpenOption.CREATE)
          || options.contains(StandardOpenOption.CREATE_NEW)) {
        change(true);
      }
      return new FaultyChannel(plain.newFileChannel(plain(path), options, attributes));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
      DirectoryStream<Path> entries =
          plain.newDirectoryStream(plain(directory), entry -> filter.accept(wrap(entry)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return FaultyFiles.this.iterator(entries.iterator());
        }

        @Override
        public void close() throws IOException {
          entries.close();
        }
      };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
      change(true);
      plain.createDirectory(plain(directory), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
      change(false);
      plain.delete(plain(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      change(true);
      plain.copy(plain(source), plain(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      change(false);
      plain.move(plain(source), plain(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
      return plain.isSameFile(plain(path), plain(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return plain.isHidden(plain(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return plain.getFileStore(plain(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      plain.checkAccess(plain(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return plain.getFileAttributeView(plain(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return plain.readAttributes(plain(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
        throws IOException {
      return plain.readAttributes(plain(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
        throws IOException {
      plain.setAttribute(plain(path), attribute, value, options);
    }
  }

  private final class FaultySystem extends FileSystem {

    @Override
    public FileSystemProvider provider() {
      return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return real.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      return List.of();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      return real.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return real.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
      return wrap(real.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
      throw new UnsupportedOperationException();
    }
  }

  /** Writes half of what it is given before it fails. */
  private final class FaultyChannel extends FileChannel {

    private final FileChannel file;

    FaultyChannel(FileChannel file) {
      this.file = file;
    }

    private ByteBuffer checked(ByteBuffer bytes) {
      return bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (fails(true)) {
        file.write(checked(bytes));
        throw new IOException("No space left on device");
      }
      return file.write(bytes);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      if (fails(true)) {
        file.write(checked(bytes), position);
        throw new IOException("No space left on device");
      }
      return file.write(bytes, position);
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
      change(true);
      return file.write(bytes, offset, length);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      change(true);
      file.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      change(false);
      file.truncate(size);
      return this;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
        throws IOException {
      change(true);
      return file.transferFrom(source, position, count);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return file.read(into);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
      return file.read(into, offset, length);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return file.transferTo(position, count, target);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return file.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return file.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
