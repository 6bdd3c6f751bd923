package io.headrace.cli.settings;

import io.headrace.protocol.Setting;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.regex.Pattern;

/** One setting: a component of a settings record. */
record SettingKey(String name, Type type, String description, String defaultValue) {
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    static SettingKey of(String section, RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(component + " is a component of a settings record and has no @Setting");
        }
        String dashed = CAPITAL.matcher(component.getName()).replaceAll("-$0").toLowerCase(Locale.ROOT);
        return new SettingKey(
                section + "." + dashed, component.getGenericType(), setting.value(), setting.defaultValue());
    }

    String environmentVariable() {
        return KnownVariables.PREFIX
                + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
