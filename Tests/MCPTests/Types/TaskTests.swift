import JSON
import MCP
import Testing

@Suite struct TaskTests {
    private let old: JSONObject = [
        "taskId": "t", "status": "working", "createdAt": "now", "lastUpdatedAt": "now", "ttl": nil,
    ]
    private let new: JSONObject = [
        "taskId": "t", "status": "working", "createdAt": "now", "lastUpdatedAt": "now", "ttlMs": 5,
        "resultType": "task",
    ]

    @Test func aCreatedTaskIsFoundWhereItsRevisionPutsIt() {
        let nested = CreateTaskResult(json: ["task": .object(old)])
        #expect(nested.task?.taskID == "t")
        #expect(nested.problems(in: .v2025_11_25) == [])
        let flat = CreateTaskResult(json: new)
        #expect(flat.task?.ttlMs == 5)
        #expect(flat.problems(in: .v2026_07_28) == [])
        #expect(CreateTaskResult(json: ["content": []]).task == nil)
    }

    @Test func aTaskWithoutLifetimeBreaksTheSchema() {
        #expect(
            TaskInfo(json: new).problems(in: .v2025_11_25).map(\.sentence) == [
                "Required member `ttl` is missing (revision 2025-11-25); expected an integer or null."
            ]
        )
    }

    @Test func terminalStatesDoNotChange() {
        #expect(TaskStatus.allCases.filter(\.isTerminal) == [.completed, .failed, .cancelled])
    }
}
