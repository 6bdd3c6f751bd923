package io.headrace.storage.hdfs;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreFactory;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.util.Set;

/** Opens {@code hdfs://NAMENODE/FOLDER}. Hadoop's classes are not touched before that. */
public final class HdfsStoreFactory implements UnderStoreFactory {
    @Override
    public Set<String> schemes() {
        return Set.of("hdfs");
    }

    @Override
    public String form() {
        return "hdfs://NAMENODE/FOLDER";
    }

    @Override
    public UnderStore open(URI location, UnderStoreOptions options) throws OriginException {
        if (location.isOpaque()) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, location + " has no folder. Write hdfs://NAMENODE/FOLDER, or hdfs:///FOLDER");
        }
        if (options.kerberosPrincipal().isPresent() != options.kerberosKeytab().isPresent()) {
            throw new OriginException.Refused(
                    Refusal.BAD_CREDENTIALS,
                    "kerberos-principal and kerberos-keytab go together: set both, or neither");
        }
        HdfsLocation place = HdfsLocation.of(location);
        return new HdfsStore(place, new HdfsSession(place, options));
    }
}
