package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern over keys: {@code *} any run of characters but {@code /}, {@code **} any run, {@code **}{@code /} any folders or none,
 * {@code ?} one character but {@code /}, {@code [a-z]} and {@code [!a-z]} one of a set, {@code \} the next character itself. One
 * without {@code /} matches the last name of a key, at any depth; one that ends with {@code /} all below. Matched in time that
 * is the product of both lengths, whatever the pattern. A key that is not UTF-8 is taken byte for byte.
 */
final class Glob {
    private static final int MOST_CHARACTERS = 1000;

    private final boolean lastName;
    private final List<Token> tokens;

    private sealed interface Token {}

    private record Exact(char character) implements Token {}

    private record OneOf(boolean not, String firsts, String lasts) implements Token {
        boolean matches(char character) {
            boolean in = false;
            for (int i = 0; i < firsts.length(); i++) {
                in |= firsts.charAt(i) <= character && character <= lasts.charAt(i);
            }
            return in != not && character != '/';
        }
    }

    private enum Wild implements Token {
        ONE,
        NAME_RUN,
        RUN,
        FOLDERS
    }

    private Glob(boolean lastName, List<Token> tokens) {
        this.lastName = lastName;
        this.tokens = List.copyOf(tokens);
    }

    /** @throws IllegalArgumentException when it is no pattern; the message says why */
    static Glob parse(String pattern) {
        if (pattern.isEmpty() || pattern.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "a glob has 1 to " + MOST_CHARACTERS + " characters: \"" + pattern + '"');
        }
        String whole = pattern.endsWith("/") ? pattern + "**" : pattern;
        boolean anchored = whole.startsWith("/");
        return new Glob(whole.indexOf('/') < 0, new Parser(anchored ? whole.substring(1) : whole).tokens());
    }

    boolean matches(Bytes key) {
        String text = key.isUtf8() ? key.toString() : new String(key.toByteArray(), StandardCharsets.ISO_8859_1);
        return matches(lastName ? text.substring(text.lastIndexOf('/') + 1) : text);
    }

    private boolean matches(String text) {
        boolean[] reached = new boolean[tokens.size() + 1];
        arrive(reached, 0);
        for (int i = 0; i < text.length(); i++) {
            boolean[] next = new boolean[reached.length];
            for (int at = 0; at < tokens.size(); at++) {
                if (reached[at]) {
                    step(next, at, text.charAt(i));
                }
            }
            reached = next;
        }
        return reached[tokens.size()];
    }

    private void arrive(boolean[] reached, int at) {
        reached[at] = true;
        if (at < tokens.size() && tokens.get(at) instanceof Wild wild && wild != Wild.ONE) {
            arrive(reached, at + 1);
        }
    }

    private void step(boolean[] next, int at, char character) {
        switch (tokens.get(at)) {
            case Exact(char wanted) -> arriveIf(wanted == character, next, at + 1);
            case OneOf set -> arriveIf(set.matches(character), next, at + 1);
            case Wild.ONE -> arriveIf(character != '/', next, at + 1);
            case Wild.NAME_RUN -> arriveIf(character != '/', next, at);
            case Wild.RUN -> arrive(next, at);
            case Wild.FOLDERS -> {
                // In the midst of a folder's name: what follows may begin only behind its slash.
                next[at] = true;
                arriveIf(character == '/', next, at + 1);
            }
        }
    }

    private void arriveIf(boolean matched, boolean[] next, int at) {
        if (matched) {
            arrive(next, at);
        }
    }

    private static final class Parser {
        private final String pattern;
        private int at;

        Parser(String pattern) {
            this.pattern = pattern;
        }

        List<Token> tokens() {
            List<Token> tokens = new ArrayList<>();
            while (at < pattern.length()) {
                char character = pattern.charAt(at++);
                tokens.add(
                        switch (character) {
                            case '*' -> run();
                            case '?' -> Wild.ONE;
                            case '[' -> set();
                            case '\\' -> new Exact(taken("a character behind \\"));
                            default -> new Exact(character);
                        });
            }
            return tokens;
        }

        private Token run() {
            int first = at - 1;
            while (at < pattern.length() && pattern.charAt(at) == '*') {
                at++;
            }
            if (at - first == 1) {
                return Wild.NAME_RUN;
            }
            boolean whole = first == 0 || pattern.charAt(first - 1) == '/';
            if (whole && at < pattern.length() && pattern.charAt(at) == '/') {
                at++;
                return Wild.FOLDERS;
            }
            return Wild.RUN;
        }

        private Token set() {
            boolean not = at < pattern.length() && pattern.charAt(at) == '!';
            at += not ? 1 : 0;
            StringBuilder firsts = new StringBuilder();
            StringBuilder lasts = new StringBuilder();
            for (char next = taken("]"); next != ']' || firsts.isEmpty(); next = taken("]")) {
                char first = next == '\\' ? taken("]") : next;
                firsts.append(first);
                if (at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']') {
                    at++;
                    lasts.append(taken("]"));
                } else {
                    lasts.append(first);
                }
            }
            return new OneOf(not, firsts.toString(), lasts.toString());
        }

        private char taken(String missing) {
            if (at >= pattern.length()) {
                throw new IllegalArgumentException("the glob \"" + pattern + "\" lacks " + missing);
            }
            return pattern.charAt(at++);
        }
    }
}
