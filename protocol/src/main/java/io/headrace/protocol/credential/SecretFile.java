package io.headrace.protocol.credential;

import io.headrace.protocol.credential.CredentialException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Small text files, some of which are secrets: their owner and group may read those, nobody else. */
public final class SecretFile {
    private static final int MOST_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /** What a file says that everybody may read. */
    public static String readPublic(Path file) throws CredentialException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new CredentialException(
                        Reason.WRONG_CONTENT, file, "is larger than 1 MiB; it is none that Headrace uses");
            }
            return new String(bytes, StandardCharsets.US_ASCII);
        } catch (CredentialException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new CredentialException(
                    Reason.MISSING, file, "is not there; make it, or name another in the settings");
        } catch (IOException e) {
            throw new CredentialException(
                    Reason.UNREADABLE, file, "cannot be read (" + e.getMessage() + "); check its owner and mode");
        }
    }

    /** What a file says that is a secret. */
    public static String read(Path file) throws CredentialException {
        String text = readPublic(file);
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null && view.readAttributes().permissions().stream().anyMatch(OTHERS::contains)) {
                throw new CredentialException(
                        Reason.OPEN_TO_OTHERS,
                        file,
                        "is a secret that every user of this machine may read; run: chmod o= " + file);
            }
            return text;
        } catch (CredentialException e) {
            throw e;
        } catch (IOException e) {
            throw new CredentialException(
                    Reason.UNREADABLE, file, "cannot be looked at (" + e.getMessage() + "); check its directory");
        }
    }

    /**
     * Makes a file that only its owner may read.
     *
     * @throws FileAlreadyExistsException when there is one
     */
    public static void create(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }

    /** Makes such a file in place of what is there, at once, so that nobody reads half of it. */
    public static void replace(Path file, String text) throws IOException {
        Path next = Path.of(file + ".next");
        boolean _ = Files.deleteIfExists(next);
        create(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
