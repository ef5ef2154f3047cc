import AsyncRuntime
import MCP
import MCPClient
import MCPStdio
import Tester

extension TesterSession {
    /// A session whose targets are child processes, on the clock of the system.
    static func stdio(era: EraChoice = .auto) -> TesterSession {
        TesterSession(
            settings: TesterSettings(
                info: Implementation(name: "tester-tests", version: "1"),
                limits: ConnectionLimits(connect: .seconds(100), probeGrace: .seconds(50)),
                era: era
            ) { target in
                target.transport(scheduler: PollLoop.shared)
            },
            clock: SystemTesterClock(PollLoop.shared)
        )
    }
}

/// The script of a server that shakes hands and then answers every request by `{}`, for `/bin/sh`.
///
/// It starts fast and asks for nothing but a shell.
let shellServer = """
    while IFS= read -r line; do
        case $line in *'"id":'*) ;; *) continue;; esac
        id=${line#*'"id":'}; id=${id%%,*}
        case $line in
        *'"method":"initialize"'*)
            result='{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"sh","version":"1"}}';;
        *) result='{"content":[{"type":"text","text":"'$SHELL_SERVER_TEXT'"}]}';;
        esac
        printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$result"
    done
    """
