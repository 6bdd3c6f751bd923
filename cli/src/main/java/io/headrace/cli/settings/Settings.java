package io.headrace.cli.settings;

import io.headrace.client.ReadAheadSettings;
import io.headrace.client.block.AffinitySettings;
import io.headrace.client.block.HedgeSettings;
import io.headrace.client.block.OriginFallbackSettings;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.names.NamesSettings;
import io.headrace.fuse.FuseSettings;
import io.headrace.master.MasterSettings;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.master.cluster.ClusterSettings;
import io.headrace.master.jobs.JobsSettings;
import io.headrace.master.pins.PinSettings;
import io.headrace.master.serve.ServeSettings;
import io.headrace.protocol.cluster.PlacementSettings;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.protocol.tls.TlsSettings;
import io.headrace.protocol.token.TokenSettings;
import io.headrace.store.StoreSettings;
import io.headrace.worker.LoadSettings;
import io.headrace.worker.OriginSettings;
import io.headrace.worker.WorkerSettings;
import io.headrace.worker.demand.HotBlockSettings;
import io.headrace.worker.drain.DrainSettings;
import io.headrace.worker.serve.BlockServerSettings;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The settings of all modules. A value comes from the first of: the command line, an environment variable
 * ({@code HEADRACE_STORE_FETCH_THREADS}), the settings file ({@code store.fetch-threads = 8} a line), the default.
 */
public final class Settings {
    private static final Map<String, Class<? extends Record>> SECTIONS = sections();
    private static final List<SettingKey> KEYS = describe();

    private final Map<String, String> texts;

    private Settings(Map<String, String> texts) {
        this.texts = texts;
    }

    private static Map<String, Class<? extends Record>> sections() {
        Map<String, Class<? extends Record>> sections = new LinkedHashMap<>();
        sections.put("store", StoreSettings.class);
        sections.put("catalog", CatalogSettings.class);
        sections.put("mount", MountSettings.class);
        sections.put("origin", OriginSettings.class);
        sections.put("load", LoadSettings.class);
        sections.put("read-ahead", ReadAheadSettings.class);
        sections.put("fuse", FuseSettings.class);
        sections.put("master", MasterSettings.class);
        sections.put("serve", ServeSettings.class);
        sections.put("cluster", ClusterSettings.class);
        sections.put("jobs", JobsSettings.class);
        sections.put("pins", PinSettings.class);
        sections.put("worker", WorkerSettings.class);
        sections.put("blocks", BlockServerSettings.class);
        sections.put("hot", HotBlockSettings.class);
        sections.put("peer", PeerSettings.class);
        sections.put("affinity", AffinitySettings.class);
        sections.put("hedge", HedgeSettings.class);
        sections.put("origin-fallback", OriginFallbackSettings.class);
        sections.put("local", LocalSettings.class);
        sections.put("drain", DrainSettings.class);
        sections.put("names", NamesSettings.class);
        sections.put("placement", PlacementSettings.class);
        sections.put("tls", TlsSettings.class);
        sections.put("token", TokenSettings.class);
        return sections;
    }

    /**
     * @param files later ones win; each must exist
     * @throws IllegalArgumentException when a key or a variable is unknown (the message names the nearest one) or a value is wrong
     */
    public static Settings read(List<Path> files, Map<String, String> environment) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : files) {
            readFile(file, texts);
        }
        for (SettingKey key : KEYS) {
            String value = environment.get(key.environmentVariable());
            if (value != null) {
                put(texts, key.name(), value, "the environment variable " + key.environmentVariable());
            }
        }
        KnownVariables.requireIn(environment, KEYS);
        return new Settings(texts);
    }

    /** The same with this setting; what the command line says. */
    public Settings with(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(texts);
        put(changed, key, value, "the command line");
        return new Settings(changed);
    }

    /** The same with all of these; what the command line says. */
    public Settings withAll(Map<String, String> said) {
        Settings changed = this;
        for (Map.Entry<String, String> setting : said.entrySet()) {
            changed = changed.with(setting.getKey(), setting.getValue());
        }
        return changed;
    }

    /** Whether anything but the default says what this setting is. */
    public boolean says(String key) {
        return texts.containsKey(key);
    }

    public StoreSettings store() {
        return section("store", StoreSettings.class);
    }

    public CatalogSettings catalog() {
        return section("catalog", CatalogSettings.class);
    }

    public MountSettings mount() {
        return section("mount", MountSettings.class);
    }

    public OriginSettings origin() {
        return section("origin", OriginSettings.class);
    }

    public LoadSettings load() {
        return section("load", LoadSettings.class);
    }

    public ReadAheadSettings readAhead() {
        return section("read-ahead", ReadAheadSettings.class);
    }

    public FuseSettings fuse() {
        return section("fuse", FuseSettings.class);
    }

    public MasterSettings master() {
        return section("master", MasterSettings.class);
    }

    public ServeSettings serve() {
        return section("serve", ServeSettings.class);
    }

    public JobsSettings jobs() {
        return section("jobs", JobsSettings.class);
    }

    public PinSettings pins() {
        return section("pins", PinSettings.class);
    }

    public ClusterSettings cluster() {
        return section("cluster", ClusterSettings.class);
    }

    public WorkerSettings worker() {
        return section("worker", WorkerSettings.class);
    }

    public BlockServerSettings blocks() {
        return section("blocks", BlockServerSettings.class);
    }

    public HotBlockSettings hot() {
        return section("hot", HotBlockSettings.class);
    }

    public PeerSettings peer() {
        return section("peer", PeerSettings.class);
    }

    public AffinitySettings affinity() {
        return section("affinity", AffinitySettings.class);
    }

    public HedgeSettings hedge() {
        return section("hedge", HedgeSettings.class);
    }

    public OriginFallbackSettings originFallback() {
        return section("origin-fallback", OriginFallbackSettings.class);
    }

    public LocalSettings local() {
        return section("local", LocalSettings.class);
    }

    public DrainSettings drain() {
        return section("drain", DrainSettings.class);
    }

    public NamesSettings names() {
        return section("names", NamesSettings.class);
    }

    public PlacementSettings placement() {
        return section("placement", PlacementSettings.class);
    }

    public TlsSettings tls() {
        return section("tls", TlsSettings.class);
    }

    public TokenSettings token() {
        return section("token", TokenSettings.class);
    }

    static List<SettingKey> keys() {
        return KEYS;
    }

    private static List<SettingKey> describe() {
        List<SettingKey> keys = new ArrayList<>();
        SECTIONS.forEach((section, type) -> Arrays.stream(type.getRecordComponents())
                .forEach(component -> keys.add(SettingKey.of(section, component))));
        return List.copyOf(keys);
    }

    private static void readFile(Path file, Map<String, String> texts) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no settings file " + file, e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the settings file " + file + " is not in UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the settings file " + file
                            + " has a \\u that four hexadecimal digits do not follow; write \\\\u for the two characters",
                    e);
        }
        for (String key : properties.stringPropertyNames()) {
            put(texts, key, properties.getProperty(key), file.toString());
        }
    }

    private static void put(Map<String, String> texts, String name, String value, String from) {
        SettingKey key = KEYS.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(from + " sets \"" + name
                        + "\", which is no setting; did you mean \"" + nearest(name)
                        + "\"? All: headrace settings"));
        try {
            Object parsed = SettingType.parse(key.type(), value);
            texts.put(name, parsed == null ? "" : value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " in " + from + ": " + e.getMessage(), e);
        }
    }

    private static String nearest(String name) {
        return EditDistance.nearest(name, KEYS.stream().map(SettingKey::name).toList());
    }

    private <T extends Record> T section(String section, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            SettingKey key = SettingKey.of(section, components[i]);
            types[i] = components[i].getType();
            values[i] = SettingType.parse(key.type(), texts.getOrDefault(key.name(), key.defaultValue()));
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(type + " cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }
}
