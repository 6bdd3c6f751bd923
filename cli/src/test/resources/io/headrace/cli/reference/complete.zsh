#!/bin/zsh -f
# What zsh offers for a line: complete.zsh FUNCTIONS LINE, a match a line. The shell that completes needs a terminal (zpty).
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PS2= RPS1=; stty -echo; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w shell 'compadd() {
  [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] && { builtin compadd "$@"; return $? }
  local -a hits; builtin compadd -O hits "$@"; local hit
  for hit in $hits; do print -r -- "match<$hit>"; done
  builtin compadd "$@"
}
finish() { print -r -- "end<>"; exit }
comppostfuncs=(finish)
bindkey "^I" complete-word
print -r -- "ready<>"'
zpty -r shell text $'*ready<>\r\n' || exit 1
zpty -n -w shell "$2"$'\t'
zpty -r shell text '*end<>*' || { print -r -- "no end: $text" >&2; exit 1 }
print -r -- "$text" | sed -n 's/.*match<\(.*\)>.*/\1/p'
zpty -d shell
