package io.headrace.storage.hdfs;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.security.UserGroupInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file system of one store, connected by the first call, with a configuration and a login of its own. */
final class HdfsSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HdfsSession.class);

    private final HdfsLocation location;
    private final UnderStoreOptions options;
    /** Guards the field below; held while connecting, which asks nothing of the name node but a login. */
    private final Object lock = new Object();

    private Optional<DistributedFileSystem> files = Optional.empty();
    private volatile boolean closed;

    HdfsSession(HdfsLocation location, UnderStoreOptions options) {
        this.location = location;
        this.options = options;
    }

    DistributedFileSystem files() throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException(location.uri() + " is closed");
            }
            if (files.isEmpty()) {
                files = Optional.of(connect());
            }
            return files.get();
        }
    }

    private DistributedFileSystem connect() throws IOException {
        Configuration configuration = configuration();
        URI uri = location.authority().isEmpty()
                ? FileSystem.getDefaultUri(configuration)
                : URI.create("hdfs://" + location.authority());
        if (!"hdfs".equals(uri.getScheme())) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    location.uri() + " names no name node, and fs.defaultFS is " + uri
                            + ". Write hdfs://NAMENODE/FOLDER, or set HADOOP_CONF_DIR to the folder of core-site.xml");
        }
        try {
            if (options.kerberosPrincipal().isEmpty()) {
                return (DistributedFileSystem) FileSystem.newInstance(uri, configuration);
            }
            return login(configuration).doAs((PrivilegedExceptionAction<DistributedFileSystem>)
                    () -> (DistributedFileSystem) FileSystem.newInstance(uri, configuration));
        } catch (IllegalArgumentException e) {
            throw new OriginException.Refused(
                    Refusal.NO_SUCH_LOCATION,
                    "there is no host or name service \"" + location.authority()
                            + "\". Check its spelling; a name service is defined in hdfs-site.xml, whose folder HADOOP_CONF_DIR or"
                            + " the option hadoop-conf names",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted as " + location.uri() + " was connected");
        }
    }

    private UserGroupInformation login(Configuration configuration) throws IOException {
        String principal = options.kerberosPrincipal().orElseThrow();
        Path keytab = options.kerberosKeytab().orElseThrow();
        configuration.set("hadoop.security.authentication", "kerberos");
        try {
            if (!Files.isReadable(keytab)) {
                throw new IOException(
                        "the file is not there, or user \"" + System.getProperty("user.name") + "\" may not read it");
            }
            UserGroupInformation.setConfiguration(configuration);
            return UserGroupInformation.loginUserFromKeytabAndReturnUGI(principal, keytab.toString());
        } catch (IOException | IllegalArgumentException e) {
            throw new OriginException.Refused(
                    Refusal.BAD_CREDENTIALS,
                    "no Kerberos login as " + principal + " with the keytab " + keytab + ": " + e.getMessage()
                            + ". Check both, /etc/krb5.conf and the clock (klist -kt shows what a keytab holds)",
                    e);
        }
    }

    private Configuration configuration() throws OriginException {
        Configuration configuration = new Configuration();
        Optional<Path> folder = options.hadoopConf()
                .or(() -> Optional.ofNullable(System.getenv("HADOOP_CONF_DIR")).map(Path::of));
        if (folder.isPresent()) {
            boolean any = false;
            for (String name : new String[] {"core-site.xml", "hdfs-site.xml"}) {
                Path file = folder.get().resolve(name);
                if (Files.isReadable(file)) {
                    configuration.addResource(new org.apache.hadoop.fs.Path(file.toUri()));
                    any = true;
                }
            }
            if (!any) {
                throw new OriginException.Refused(
                        Refusal.BAD_REQUEST,
                        "the Hadoop configuration folder " + folder.get()
                                + " has neither core-site.xml nor hdfs-site.xml."
                                + " Name the right one with the option hadoop-conf");
            }
        }
        limit(configuration);
        return configuration;
    }

    /** One attempt with a deadline where the site files say nothing else: who calls a store tries again by himself. */
    private void limit(Configuration configuration) {
        String connect = String.valueOf(options.connectTimeout().toMillis());
        String stall = String.valueOf(options.stallTimeout().toMillis());
        setUnlessBySite(configuration, "ipc.client.connect.max.retries", "0");
        setUnlessBySite(configuration, "ipc.client.connect.max.retries.on.timeouts", "0");
        setUnlessBySite(configuration, "ipc.client.connect.timeout", connect);
        setUnlessBySite(configuration, "ipc.client.rpc-timeout.ms", stall);
        setUnlessBySite(configuration, "dfs.client.socket-timeout", stall);
        setUnlessBySite(configuration, "dfs.client.max.block.acquire.failures", "1");
    }

    /** Hadoop's own defaults, in files called {@code …-default.xml}, count as set. */
    private static void setUnlessBySite(Configuration configuration, String key, String value) {
        String[] sources = configuration.getPropertySources(key);
        if (sources == null || sources.length == 0 || sources[sources.length - 1].endsWith("-default.xml")) {
            configuration.set(key, value);
        }
    }

    @Override
    public void close() {
        closed = true;
        Optional<DistributedFileSystem> connected;
        synchronized (lock) {
            connected = files;
            files = Optional.empty();
        }
        connected.ifPresent(HdfsSession::closeQuietly);
    }

    private static void closeQuietly(FileSystem files) {
        try {
            files.close();
        } catch (IOException e) {
            log.warn("{} did not close in order", files.getUri(), e);
        }
    }
}
