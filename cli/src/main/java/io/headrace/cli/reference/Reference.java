package io.headrace.cli.reference;

import io.headrace.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes completions and manual pages below one folder, laid out as {@code /usr/share} is. */
public final class Reference {
    private Reference() {}

    /** @param arguments the folder to write into */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (Map.Entry<String, String> file : files(Main.commandLine()).entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** @return contents by path */
    static Map<String, String> files(CommandLine root) {
        Map<String, String> files = new LinkedHashMap<>();
        CommandTexts texts = new CommandTexts(root);
        files.put("bash-completion/completions/" + texts.name(), bash(texts.name(), root));
        files.put("zsh/site-functions/_" + texts.name(), ZshCompletion.of(texts));
        files.put("fish/vendor_completions.d/" + texts.name() + ".fish", FishCompletion.of(texts));
        files.put("man/man1/" + texts.name() + ".1", ManualPage.of(texts));
        for (CommandTexts command : texts.subcommands()) {
            files.put("man/man1/" + command.manualName() + ".1", ManualPage.of(command));
        }
        return files;
    }

    /** Where it has nothing to offer, the shell offers file names, as before an option's value or a mount point. */
    private static String bash(String name, CommandLine root) {
        return AutoComplete.bash(name, root).replaceAll("(?m)^.*compopt \\+o default.*\\R", "");
    }
}
