import TesterCommands

Program.run(Array(CommandLine.arguments.dropFirst()))
