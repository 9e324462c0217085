# bash completion for pay

# Nothing that is typed, and nothing that is answered, is evaluated.
_pay_complete() {
    local program=$1 rest=${COMP_LINE:0:COMP_POINT} word value description
    local flag='' breaks tail cut directive=0
    local -a typed=() values=() descriptions=()
    COMPREPLY=()

    # Bash cuts words at more than blanks, such as the @ of a name; here they are put together again.
    for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        if [[ ${#typed[@]} -eq 0 || $rest == [[:space:]]* ]]; then
            rest=${rest#"${rest%%[![:space:]]*}"}
            typed+=('')
        fi
        # The last word may go on behind the cursor.
        [[ $rest == "$word"* ]] || word=$rest
        typed[${#typed[@]}-1]+=$word
        rest=${rest#"$word"}
    done

    type -P -- "$program" > /dev/null || program=pay
    while IFS=$'\t' read -r value description; do
        if [[ $value == :* ]]; then
            directive=${value#:}
        elif [[ -n $value ]]; then
            values+=("$value")
            descriptions+=("$description")
        fi
    done < <("$program" complete -- "${typed[@]:1}" 2> /dev/null)

    # 4: nothing here is the name of a file. 32: the order has a meaning.
    if [[ ${#values[@]} -eq 0 ]]; then
        (( directive & 4 )) || compopt -o default 2> /dev/null
        return
    fi
    (( directive & 32 )) && compopt -o nosort 2> /dev/null

    # Bash puts what it is given in place of what stands behind the last of the characters at which it cuts; an @ it
    # puts anew, too.
    word=${typed[${#typed[@]}-1]}
    [[ $word == -*=* ]] && flag=${word%%=*}=
    breaks=${COMP_WORDBREAKS//[[:space:]\"\']/}
    tail=$word
    [[ -n $breaks ]] && tail=${word##*["$breaks"]}
    [[ $word == *@"$tail" && $word != "$tail" ]] && tail=@$tail
    cut=$(( ${#word} - ${#tail} ))

    local index
    for index in "${!values[@]}"; do
        value=$flag${values[index]}
        value=${value:cut}
        # Where the choices are only shown, what they are is shown, too.
        if [[ ${#values[@]} -gt 1 && $COMP_TYPE -ne 37 && -n ${descriptions[index]} ]]; then
            value="$value  (${descriptions[index]})"
            value=${value:0:${COLUMNS:-80}-2}
        fi
        COMPREPLY+=("$value")
    done
}

complete -F _pay_complete pay
