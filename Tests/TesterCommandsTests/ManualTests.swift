import HostConfiguration
import Testing

@testable import TesterCommands

@Suite struct ManualTests {
    private let table = CommandTable.shared
    private static let page = ManualPage(.shared).text

    private func plain(_ roff: String) -> String {
        roff.replacing("\\-", with: "-").replacing("\\fB", with: "").replacing("\\fI", with: "").replacing(
            "\\fR",
            with: ""
        )
    }

    @Test func theManualHasEveryCommandAndEveryOption() {
        let text = plain(Self.page)
        #expect(table.commands.count > 15)
        for command in table.commands where command.name != "help" {
            #expect(text.contains("\n.SS \(command.name)\n"), "\(command.name)")
            for option in command.options {
                for name in option.names { #expect(text.contains(name), "\(name)") }
            }
        }
    }

    @Test func theManualHasExitCodesVariablesAndFiles() {
        let text = plain(Self.page)
        for (code, meaning) in Exit.meanings {
            #expect(text.contains("\n.TP\n\(code)\n\(meaning.prefix(1).uppercased())"))
        }
        for variable in Environment.Variable.allCases { #expect(text.contains("\n.TP\n\(variable.rawValue)\n")) }
        for host in Host.all { #expect(text.contains(host.name), "\(host.name)") }
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "FILES"] {
            #expect(text.contains("\n.SH \(section)\n"))
        }
    }

    @Test func optionsOfOneGroupAreTheSameInAllCommands() {
        var groups: [String: [ArgumentDescription]] = [:]
        for command in table.commands {
            for section in Set(command.options.map(\.section)) where !section.isEmpty {
                let options = command.options.filter { $0.section == section }
                #expect(groups[section] == nil || groups[section] == options, "\(section) of \(command.name)")
                groups[section] = options
            }
        }
    }

    @Test func textCannotBeTakenForInstructions() {
        var roff = RoffWriter()
        roff.text(".SH not a heading. 'quoted' and back\\slash.")
        #expect(
            roff.text == "\\&.SH not a heading.\n\\(aqquoted\\(aq and back\\eslash.\n" || roff.text.hasPrefix("\\&.SH")
        )
        #expect(!roff.text.split(separator: "\n").contains { $0.hasPrefix(".") || $0.hasPrefix("'") })
    }
}
