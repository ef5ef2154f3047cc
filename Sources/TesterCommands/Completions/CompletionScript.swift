extension CompletionShell {
    /// The script that connects the shell with ``CompletionQueryCommand``, which does the work.
    ///
    /// The scripts of the library for parsing would be longer, and could not complete what they do not know: words with
    /// colons in bash, the names of a server, the command after `--`.
    var script: String {
        switch self {
        case .bash: Self.bashScript
        case .zsh: Self.zshScript
        case .fish: Self.fishScript
        }
    }

    // Also for bash 3.2, the newest one of macOS.
    private static let bashScript = #"""
        # Completions of mcp-test-mcp for bash. Load them with: source <(mcp-test-mcp completions bash)
        _mcp_test_mcp() {
            local IFS=$'\n' program=${COMP_WORDS[0]} line head prefix word
            local -a lines=()
            COMPREPLY=()
            program=${program/#\~/$HOME}
            while IFS= read -r line; do
                lines+=("$line")
            done < <("$program" __complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
            ((${#lines[@]})) || return
            head=${lines[0]%%$'\t'*}
            prefix=${lines[0]#*$'\t'}
            COMPREPLY=("${lines[@]:1}")
            word=$2
            # bash may have split the word at the end of the prefix.
            if [[ -n $prefix && $word == "$prefix"* ]]; then word=${word#"$prefix"}; else prefix=; fi
            case $head in
            files)
                compopt -o filenames 2>/dev/null
                COMPREPLY+=($(compgen -P "$prefix" -f -- "$word"))
                ;;
            directories)
                compopt -o filenames 2>/dev/null
                COMPREPLY+=($(compgen -P "$prefix" -d -- "$word"))
                ;;
            command)
                if [[ ${COMP_WORDS[COMP_CWORD - 1]} == -- ]]; then COMPREPLY+=($(compgen -c -- "$word")); fi
                compopt -o filenames 2>/dev/null
                COMPREPLY+=($(compgen -f -- "$word"))
                ;;
            *)
                if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
                ;;
            esac
        }
        complete -o nosort -F _mcp_test_mcp mcp-test-mcp 2>/dev/null || complete -F _mcp_test_mcp mcp-test-mcp

        """#

    private static let zshScript = #"""
        #compdef mcp-test-mcp
        # Completions of mcp-test-mcp for zsh. Load them with: source <(mcp-test-mcp completions zsh)
        # or save them as _mcp-test-mcp in a folder of $fpath.
        _mcp-test-mcp() {
            local program=${(Q)words[1]} line word head prefix
            local -a lines plain open
            program=${~program}
            local -i separator=${words[(i)--]}
            if ((separator < CURRENT)); then
                # The command of the server completes itself.
                shift $separator words
                ((CURRENT -= separator))
                _normal
                return
            fi
            lines=("${(@f)$("$program" __complete zsh "${(@Q)words[1,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
            head=${lines[1]%%$'\t'*}
            prefix=${lines[1]#*$'\t'}
            for line in "${(@)lines[2,-1]}"; do
                word=${line%%$'\t'*}
                word=${word//:/\\:}
                line=${line#*$'\t'}
                if [[ $word == *= ]]; then open+=("$word:$line"); else plain+=("$word${line:+:$line}"); fi
            done
            ((${#plain})) && _describe -V completion plain
            ((${#open})) && _describe -V argument open -S ''
            [[ -n $prefix ]] && compset -P "${(b)prefix}"
            case $head in
            files) _files ;;
            directories) _files -/ ;;
            esac
        }
        if [[ $funcstack[1] == _mcp-test-mcp ]]; then
            _mcp-test-mcp "$@"
        else
            (($+functions[compdef])) || { autoload -Uz compinit && compinit; }
            compdef _mcp-test-mcp mcp-test-mcp
        fi

        """#

    private static let fishScript = #"""
        # Completions of mcp-test-mcp for fish. Save them as ~/.config/fish/completions/mcp-test-mcp.fish
        function __mcp_test_mcp_complete
            # Older versions of fish do not know the first form.
            set -l tokens (commandline -xpc 2>/dev/null; or commandline -opc)
            set -l current (commandline -ct)
            if set -l separator (contains -i -- -- $tokens)
                # The command of the server completes itself.
                set -l rest $tokens[(math $separator + 1)..-1]
                if test (count $tokens) -eq $separator
                    complete -C "$current"
                else
                    complete -C (string join ' ' -- (string escape -- $rest) "$current")
                end
                return
            end
            set -l lines ($tokens[1] __complete fish $tokens "$current" 2>/dev/null)
            test (count $lines) -gt 0; or return
            set -l head (string split -m 1 \t -- $lines[1])
            test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
            switch $head[1]
                case files
                    set -l name (string sub -s (math (string length -- "$head[2]") + 1) -- "$current")
                    for path in (__fish_complete_path "$name")
                        printf '%s\n' "$head[2]$path"
                    end
                case directories
                    set -l name (string sub -s (math (string length -- "$head[2]") + 1) -- "$current")
                    for path in (__fish_complete_directories "$name")
                        printf '%s\n' "$head[2]$path"
                    end
            end
        end
        complete -c mcp-test-mcp -k -f -a '(__mcp_test_mcp_complete)'

        """#
}
