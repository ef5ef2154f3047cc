import JSON
import MCP
import Testing

@Suite struct SignatureTests {
    @Test func everyMethodOfEveryRevisionHasASignatureOfItsName() {
        for revision in Revision.allCases {
            for method in revision.profile.methods.keys { #expect(AnySignature.all[method] != nil) }
            for name in revision.profile.notifications.keys { #expect(AnySignature.notifications[name] != nil) }
        }
        #expect(MethodSignature.toolsCall.method == .toolsCall)
        #expect(NotificationSignature.progress.name == .progress)
    }

    @Test func aSignatureTiesParametersToTheirResult() {
        func answer<Params, Result>(
            _ signature: MethodSignature<Params, Result>,
            _ params: Params,
            with json: JSONObject
        ) -> Result {
            Result(json: json)
        }
        let result = answer(.toolsCall, CallToolParams(name: "add"), with: ["isError": true])
        #expect(result.isError == true)
    }
}
