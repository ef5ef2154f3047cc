import JSON
import JSONRPC
import Testing

struct MessageTests {
    @Test func aRequestHasMethodIDAndParamsAsReceived() throws {
        let request = try #require(Self.read(#"{"jsonrpc":"2.0","id":7,"method":"a/b","params":{"x":1.0}}"#).request)
        #expect(request.id == 7)
        #expect(request.method == "a/b")
        #expect(request.params?.description == #"{"x":1.0}"#)
    }

    @Test func aMethodWithoutIDIsANotification() throws {
        let notification = try #require(Self.read(#"{"jsonrpc":"2.0","method":"n"}"#).notification)
        #expect(notification.method == "n")
        #expect(notification.params == nil)
    }

    @Test func aResultWithAnIDIsAResponse() throws {
        guard case .response(let id, let result) = Self.read(#"{"jsonrpc":"2.0","id":"a","result":{}}"#) else {
            Issue.record("it is no response")
            return
        }
        #expect(id == "a")
        #expect(result.description == "{}")
    }

    @Test(arguments: ["", #""id":null,"#])
    func anErrorCanHaveNoID(member: String) throws {
        let message = Self.read(#"{"jsonrpc":"2.0",\#(member)"error":{"code":-32700,"message":"m","data":[1]}}"#)
        guard case .failure(nil, let error) = message else {
            Issue.record("it is no failure without an id: \(message)")
            return
        }
        #expect(error == RPCError(code: -32700, message: "m", data: [1]))
    }

    @Test(
        arguments: [
            (#"{"jsonrpc":"2.0","id":1}"#, 1, "it has neither a method nor a result nor an error"),
            (#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, nil, #""id" is neither a string nor an integer"#),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#, nil, #""id" is neither a string nor an integer"#),
            (#"{"jsonrpc":"2.0","id":1,"method":3}"#, 1, #""method" is not a string"#),
            (#"{"jsonrpc":"2.0","id":1,"method":"m","params":"p"}"#, 1, #""params" is not an object"#),
            (#"{"jsonrpc":"2.0","id":1,"method":"m","result":1}"#, 1, "it has both a method and a result or error"),
            (
                #"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}"#, 1,
                "it has both a result and an error"
            ),
            (#"{"jsonrpc":"2.0","id":1,"error":"no"}"#, 1, #""error" is not an object"#),
            (#"{"jsonrpc":"2.0","id":1,"error":{"message":""}}"#, 1, #""error" has no code"#),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":""}}"#, 1, "the error's code is not an integer"),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, 1, "the error has no message"),
            ("[]", nil, "the batch is empty"),
            ("3", nil, "it is not an object"),
        ] as [(String, RequestID?, String)]
    )
    func jsonThatIsNotAMessageIsInvalidWithAReasonAndItsReadableID(
        text: String,
        expectedID: RequestID?,
        expectedReason: String
    ) throws {
        guard case .invalid(let id, let reason) = Self.read(text) else {
            Issue.record("it is taken for a message")
            return
        }
        #expect(id == expectedID)
        #expect(reason == expectedReason)
    }

    @Test(
        "a response whose id has a JSON type that no id can have names no request",
        arguments: [
            (#"{"jsonrpc":"2.0","result":1}"#, "the result has no id"),
            (#"{"jsonrpc":"2.0","id":null,"result":1}"#, "the id of the result is null"),
            (
                #"{"jsonrpc":"2.0","id":1.0,"result":1}"#,
                "the id of the response is 1.0, which is neither a string nor an integer"
            ),
            (
                #"{"jsonrpc":"2.0","id":[1],"error":{"code":1,"message":""}}"#,
                "the id of the response is [1], which is neither a string nor an integer"
            ),
        ]
    )
    func responseWithoutAnAddress(text: String, expectedReason: String) throws {
        guard case .unaddressed(let reason) = Self.read(text) else {
            Issue.record("it is taken for something else")
            return
        }
        #expect(reason == expectedReason)
    }

    @Test func aBatchHoldsItsMessagesInOrder() throws {
        let message = Self.read(#"[{"jsonrpc":"2.0","id":1,"method":"a"},5,{"jsonrpc":"2.0","method":"b"}]"#)
        guard case .batch(let messages) = message else {
            Issue.record("it is not a batch")
            return
        }
        #expect(messages.count == 3)
        #expect(messages[0].request?.method == "a")
        #expect(messages[2].notification?.method == "b")
        guard case .invalid = messages[1] else {
            Issue.record("the number is taken for a message")
            return
        }
    }

    @Test func aMemberNameWithEscapesIsUnderstood() throws {
        #expect(Self.read(#"{"jsonrpc":"2.0","\u0069d":1,"method":"m"}"#).request?.id == 1)
    }

    @Test func encodedMessagesReadBackTheSame() throws {
        let params = JSONText(["a": 1])
        let request = Self.read(Message.encode(id: "x", method: "m", params: params)).request
        #expect(request?.id == "x")
        #expect(request?.params?.value() == ["a": 1])

        let error = RPCError(code: -1, message: "no", data: ["why": "so"])
        guard case .failure(let id, let read) = Self.read(Message.encode(id: 4, error: error)) else {
            Issue.record("it is not an error")
            return
        }
        #expect(id == 4)
        #expect(read == error)
    }

    @Test func anErrorWithoutIDIsWrittenWithNull() throws {
        let text = String(decoding: Message.encode(id: nil, error: .parseError("x")), as: UTF8.self)
        #expect(text == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error: x"}}"#)
    }

    @Test func idsOfDifferentTypesAreDifferent() {
        #expect(RequestID(1) != RequestID("1"))
        #expect(RequestID(.number(JSONNumber(1))) == 1)
        #expect(RequestID(JSONValue(1.5)) == nil)
        #expect(RequestID(.null) == nil)
        #expect("\(RequestID("1"))" == "\"1\"")
    }

    private static func read(_ text: String) -> Message {
        read(Array(text.utf8))
    }

    private static func read(_ bytes: [UInt8]) -> Message {
        guard case .message(let message) = Frame(received: bytes).content else {
            return .invalid(id: nil, reason: "it is not JSON")
        }
        return message
    }
}

extension RequestID {
    fileprivate init(_ number: Int64) { self = .integer(number) }
    fileprivate init(_ text: String) { self = .string(text) }
}

extension Message {
    var request: Request? {
        if case .request(let request) = self { request } else { nil }
    }

    var notification: Notification? {
        if case .notification(let notification) = self { notification } else { nil }
    }
}
