package io.headrace.cli.security;

import picocli.CommandLine.Command;

@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TokenCreateCommand.class, TokenKeyCommand.class},
        description = "Makes tokens, which say what a tenant may do in a cluster, and the keys that sign them.",
        footer = {
            "",
            "  headrace token key create --key tokens.key",
            "  headrace token create --key tokens.key --tenant team-a --data-set s3://models/llama --rights read"
                    + " --expires 12h --out team-a.token",
            "",
            "A master and workers accept what the public keys in token.keys-file verify (tokens.key.pub here). A client"
                    + " shows the token in token.file, or in HEADRACE_TOKEN."
        })
public final class TokenCommand {}
