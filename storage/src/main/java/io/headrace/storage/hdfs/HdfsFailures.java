package io.headrace.storage.hdfs;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ConnectionFailures;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.hdfs.server.namenode.SafeModeException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.RetriableException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.hadoop.security.AccessControlException;

/** What Hadoop's exceptions mean for an origin. */
record HdfsFailures(HdfsLocation location) {
    /** @param what such as "listing hdfs://namenode/folder" */
    IOException toOrigin(String what, IOException thrown) {
        IOException failure = thrown instanceof RemoteException remote ? remote.unwrapRemoteException() : thrown;
        if (failure instanceof OriginException || failure instanceof ClosedChannelException) {
            return failure;
        }
        if (failure instanceof FileNotFoundException) {
            return new OriginException.NotFound(what + ": there is no such file");
        }
        if (failure instanceof ParentNotDirectoryException || failure instanceof FileAlreadyExistsException) {
            return new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    what + ": a name is a file here, and cannot be a folder, too (or the other way round): "
                            + String.valueOf(failure.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("")
                            + ". Rename one of them",
                    failure);
        }
        if (failure instanceof AccessControlException) {
            return accessDenied(what, failure);
        }
        if (failure instanceof ChecksumException || failure instanceof BlockMissingException) {
            return new OriginException.Unavailable(
                    what + ": HDFS has no good copy of these bytes that it can reach: "
                            + String.valueOf(failure.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("")
                            + ". It is asked again; if this lasts, run hdfs fsck on the file and look at its data nodes",
                    failure);
        }
        if (isSafeMode(failure)) {
            return new OriginException.Unavailable(
                    what + ": the name node " + location.authority()
                            + " is in safe mode: it starts, or somebody put it there. It is asked again; if this lasts, look"
                            + " at hdfs dfsadmin -safemode get and at its data nodes",
                    failure);
        }
        if (failure instanceof StandbyException) {
            return new OriginException.Unavailable(
                    what + ": the name node " + location.authority()
                            + " is a standby. It is asked again; if this lasts, mount the name service of hdfs-site.xml, which"
                            + " finds the active one",
                    failure);
        }
        if (failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException)) {
            return failure;
        }
        return ConnectionFailures.toOrigin(what, location.authority(), false, failure);
    }

    /** With high availability the name node wraps it in an exception that only says that the call may be made again. */
    private static boolean isSafeMode(IOException failure) {
        return failure instanceof SafeModeException
                || (failure instanceof RetriableException
                        && String.valueOf(failure.getMessage()).contains("SafeMode"));
    }

    private static OriginException accessDenied(String what, IOException failure) {
        // Below the first line is the name node's stack trace, which speaks of authentication in any case.
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("permission denied");
        if (message.contains("authentication") || message.contains("SASL") || message.contains("TOKEN")) {
            return new OriginException.Refused(
                    Refusal.BAD_CREDENTIALS,
                    what + ": the name node wants another login: " + message
                            + ". Set kerberos-principal and kerberos-keytab, or run kinit",
                    failure);
        }
        return new OriginException.Refused(
                Refusal.FORBIDDEN,
                what + ": " + message + ". Grant it in HDFS, or log in as another user (HADOOP_USER_NAME, or Kerberos)",
                failure);
    }
}
