package io.headrace.cli.settings;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the text of a setting becomes its value. */
public final class SettingType {
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");

    private SettingType() {}

    /** @throws IllegalArgumentException when the text is not of this type; the message says how to write it */
    static Object parse(Type type, String text) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
            return text.isBlank() ? Optional.empty() : Optional.of(parse(generic.getActualTypeArguments()[0], text));
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalStateException("no setting can be of type " + type);
        }
        return parsePlain(plain, text.strip());
    }

    private static Object parsePlain(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        }
        if (type == Path.class) {
            return path(text);
        }
        if (type == ByteSize.class) {
            return ByteSize.parse(text);
        }
        if (type == Duration.class) {
            return duration(text);
        }
        if (type == Endpoint.class) {
            return Endpoint.parse(text);
        }
        if (type == MasterEndpoints.class) {
            return MasterEndpoints.parse(text);
        }
        if (type == boolean.class) {
            return flag(text);
        }
        if (type == int.class) {
            return number(text);
        }
        if (type.isEnum()) {
            return choice(type, text);
        }
        throw new IllegalStateException("no setting can be of type " + type);
    }

    private static Object choice(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> written(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is none of " + choices(type)));
    }

    private static String choices(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(SettingType::written).collect(Collectors.joining(", "));
    }

    private static String written(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String describe(Type type) {
        if (type instanceof ParameterizedType generic) {
            return describe(generic.getActualTypeArguments()[0]) + ", may be empty";
        }
        if (type instanceof Class<?> plain && plain.isEnum()) {
            return "one of `" + choices(plain).replace(", ", "`, `") + "`";
        }
        return switch (((Class<?>) type).getSimpleName()) {
            case "ByteSize" -> "size, such as `512MiB`";
            case "Duration" -> "duration, such as `30s`";
            case "boolean" -> "`true` or `false`";
            case "int" -> "whole number";
            case "Path" -> "path";
            case "Endpoint" -> "`host:port`";
            case "MasterEndpoints" -> "`host:port`, or several with commas between";
            default -> "text";
        };
    }

    private static Path path(String text) {
        return text.equals("~") || text.startsWith("~/")
                ? Path.of(System.getProperty("user.home") + text.substring(1))
                : Path.of(text);
    }

    /** @throws IllegalArgumentException when the text is none; the message says how to write it */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw noDuration(text);
        }
        try {
            return Duration.of(Long.parseLong(matcher.group(1)), unit(String.valueOf(matcher.group(2))));
        } catch (NumberFormatException | ArithmeticException tooLong) {
            throw noDuration(text);
        }
    }

    private static IllegalArgumentException noDuration(String text) {
        return new IllegalArgumentException("\"" + text + "\" is no duration; write 500ms, 10s, 5m, 2h or 1d");
    }

    private static ChronoUnit unit(String symbol) {
        return switch (symbol) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
        };
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no whole number", e);
        }
    }
}
