package io.headrace.cli.settings;

import io.headrace.protocol.Setting;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Locale;

/** One setting: a component of a settings record. */
record SettingKey(String name, Type type, String description, String defaultValue) {
    static SettingKey of(String section, RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(component + " is a component of a settings record and has no @Setting");
        }
        String dashed = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return new SettingKey(
                section + "." + dashed, component.getGenericType(), setting.value(), setting.defaultValue());
    }

    String environmentVariable() {
        return "HEADRACE_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
