#!/usr/bin/env bash
# The GitHub Action: gets the program, runs the command, and writes annotations, the step summary and JUnit XML.
# All inputs come in variables, so that none of them is read as shell code.
set -euo pipefail

fail() {
    echo "::error title=mcp-test-mcp::$*"
    exit 2
}

# Downloads the release for this machine, checks it against its checksum, and prints the path of the program.
download() {
    local version=$1 system machine name folder url
    case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    *) fail "There is no release for $(uname -s). Give the path of an installed program as \`program\`." ;;
    esac
    machine=$(uname -m)
    case $system-$machine in
    linux-arm64) machine=aarch64 ;;
    macos-aarch64) machine=arm64 ;;
    esac
    name=mcp-test-mcp-$version-$system-$machine.tar.gz
    url=${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_ACTION_REPOSITORY/releases/download/v$version
    folder=$(mktemp -d)
    curl --fail --silent --show-error --location --retry 3 --output "$folder/$name" "$url/$name" ||
        fail "Could not download $url/$name. Is v$version a release?"
    curl --fail --silent --show-error --location --retry 3 --output "$folder/SHA256SUMS" "$url/SHA256SUMS" ||
        fail "Could not download the checksums of v$version."
    if ! grep " $name\$" "$folder/SHA256SUMS" >"$folder/expected"; then fail "SHA256SUMS of v$version does not have $name."; fi
    (cd "$folder" && { sha256sum --check --status expected 2>/dev/null || shasum -a 256 --check --status expected; }) ||
        fail "$name is not the file that SHA256SUMS of v$version names: it was changed or is incomplete."
    tar -xzf "$folder/$name" -C "$folder"
    echo "$folder/mcp-test-mcp"
}

case $INPUT_COMMAND in
run | check | lock | test) ;;
*) fail "Unknown command \"$INPUT_COMMAND\". Use run, check, lock or test." ;;
esac

program=${INPUT_PROGRAM:-}
if [ -z "$program" ]; then
    version=${INPUT_VERSION:-${GITHUB_ACTION_REF:-}}
    version=${version#v}
    case $version in
    [0-9]*.[0-9]*.[0-9]*) ;;
    *) fail "Which release? \"$version\" is none: use the action at a tag such as v1.0.0, or give \`version\` or \`program\`." ;;
    esac
    program=$(download "$version") || { echo "$program" && exit 2; }
fi

# Words and quotes as in a shell, but nothing is expanded or run.
arguments=()
while IFS= read -r -d '' word; do arguments+=("$word"); done < <(
    printf '%s' "${INPUT_ARGUMENTS:-}" | xargs -r printf '%s\0'
)
reports=()
annotations=$(mktemp)
if [ "$INPUT_COMMAND" = run ]; then
    reports=(--report pretty --report "github=$annotations")
    [ -z "${GITHUB_STEP_SUMMARY:-}" ] || reports+=(--report "markdown=$GITHUB_STEP_SUMMARY.part")
    [ -z "${INPUT_JUNIT:-}" ] || reports+=(--report "junit=$INPUT_JUNIT")
elif [ "$INPUT_COMMAND" = lock ]; then
    reports=(--check)
fi

code=0
"$program" "$INPUT_COMMAND" ${arguments[@]+"${arguments[@]}"} ${reports[@]+"${reports[@]}"} || code=$?
cat "$annotations"
rm "$annotations"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    if [ -f "$GITHUB_STEP_SUMMARY.part" ]; then
        cat "$GITHUB_STEP_SUMMARY.part" >>"$GITHUB_STEP_SUMMARY"
        rm "$GITHUB_STEP_SUMMARY.part"
    else
        echo "\`mcp-test-mcp $INPUT_COMMAND\` exited with $code." >>"$GITHUB_STEP_SUMMARY"
    fi
fi
{
    echo "exit-code=$code"
    if [ "$INPUT_COMMAND" = run ] && [ -f "${INPUT_JUNIT:-}" ]; then echo "junit=$PWD/$INPUT_JUNIT"; fi
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
