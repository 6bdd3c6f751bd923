# What bash offers for a line: complete.bash SCRIPT LINE, a match a line. A line ends with the word to complete.
# Where the function offers nothing bash offers file names, unless the function forbids that.
source "$1"
names=default
compopt() { [ "$1" = +o ] && names=none; return 0; }
registered=$(complete -p headrace)
[[ $registered == *"-o default"* ]] || names=none
function=${registered#*-F }
function=${function%% *}
IFS=' ' read -r -a COMP_WORDS <<<"$2"
[[ $2 != *' ' ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE=$2
COMP_POINT=${#2}
word=${COMP_WORDS[COMP_CWORD]}
"$function" headrace "$word" "${COMP_WORDS[COMP_CWORD - 1]}"
if [ ${#COMPREPLY[@]} -gt 0 ]; then
  printf '%s\n' "${COMPREPLY[@]}"
elif [ "$names" = default ]; then
  compgen -f -- "$word"
fi
