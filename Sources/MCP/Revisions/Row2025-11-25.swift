extension RevisionRow {
    /// Icons, elicitation by URL, richer forms, tools in sampling, experimental tasks.
    static let row2025_11_25 = row2025_06_18.deriving(.v2025_11_25) { row in
        row.add(.pollingStreams, .icons, .urlElicitation, .richForms, .samplingTools, .tasks)
        row.add(.argumentErrorsInResult, .errorWithoutID)

        row.add(.tasksGet, .tasksResult, going: .clientToServer, .serverToClient, needing: .tasks)
        row.add(.tasksList, going: .clientToServer, .serverToClient, needing: .tasksList)
        row.add(.tasksCancel, going: .clientToServer, .serverToClient, needing: .tasksCancel)
        row.add(.tasksStatus, going: .clientToServer, .serverToClient, needing: .tasks)
        row.clientCapabilities.insert("tasks")
        row.serverCapabilities.insert("tasks")

        row.add(.elicitationComplete, going: .serverToClient)
        row.errorMeanings[.urlElicitationRequired] = "The user must open a URL before the request can be served."

        row.samplingContentKinds.formUnion([.toolUse, .toolResult])
        row.schemaDialect = "https://json-schema.org/draft/2020-12/schema"

        row.pages[.tasks] = "basic/utilities/tasks"
    }
}
