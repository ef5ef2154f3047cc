extension SuiteSchema {
    /// The definition of a step.
    static let step = #"""
            "step": {
              "type": "object", "additionalProperties": false,
              "oneOf": [
                {"required": ["call"]}, {"required": ["read"]}, {"required": ["get"]}, {"required": ["list"]},
                {"required": ["complete"]}, {"required": ["subscribe"]}, {"required": ["wait"]}, {"required": ["raw"]},
                {"required": ["restart"]}, {"required": ["assert"]}
              ],
              "properties": {
                "call": {"type": "string", "description": "Call a tool: its name.", "examples": ["search"]},
                "read": {"type": "string", "description": "Read a resource: its URI.", "examples": ["file:///a.txt"]},
                "get": {"type": "string", "description": "Get a prompt: its name.", "examples": ["review"]},
                "args": {
                  "anyOf": [{"type": "object"}, {"type": "string", "pattern": "^\\$\\{"}],
                  "description": "Arguments of `call` or `get`, sent as they are.", "examples": [{"query": "${case.word}"}]
                },
                "task": {
                  "type": "boolean", "description": "Let the server run the tool as a task, and wait for its result.", "default": false
                },
                "list": {"enum": ["tools", "resources", "resource_templates", "prompts"], "description": "List all pages."},
                "complete": {
                  "type": "object", "required": ["argument"], "additionalProperties": false,
                  "description": "Complete an argument of a prompt or of a resource template.",
                  "properties": {
                    "prompt": {"type": "string", "description": "Name of the prompt. Excludes `template`."},
                    "template": {"type": "string", "description": "URI template. Excludes `prompt`."},
                    "argument": {"type": "string", "description": "Name of the argument."},
                    "value": {"description": "Beginning of the value.", "default": ""},
                    "context": {"type": "object", "description": "Values of the other arguments."}
                  },
                  "examples": [{"prompt": "review", "argument": "language", "value": "sw"}]
                },
                "subscribe": {
                  "description": "Subscribe to changes of resources (URIs) or of the lists.",
                  "anyOf": [
                    {"type": "string"},
                    {
                      "type": "object", "additionalProperties": false,
                      "properties": {
                        "resources": {"type": "array", "items": {"type": "string"}, "description": "URIs of resources."},
                        "lists": {"type": "boolean", "description": "Whether to subscribe to the lists.", "default": false}
                      }
                    }
                  ],
                  "examples": ["file:///a.txt", {"lists": true}]
                },
                "wait": {
                  "$ref": "#/$defs/event", "description": "Wait for a notification, which may have come during the step before."
                },
                "raw": {
                  "type": "object", "additionalProperties": false, "description": "Send a message as it is.",
                  "oneOf": [{"required": ["method"]}, {"required": ["notification"]}, {"required": ["bytes"]}],
                  "properties": {
                    "method": {"type": "string", "description": "Method of a request."},
                    "notification": {"type": "string", "description": "Method of a notification."},
                    "params": {"description": "Parameters. Not with `bytes`."},
                    "bytes": {"type": "string", "description": "Text to send, valid or not."}
                  },
                  "examples": [{"method": "tools/call", "params": {"name": 1}}]
                },
                "restart": {"const": true, "description": "Start the server again."},
                "assert": {
                  "anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}],
                  "description": "Check captured values: `value` and a matcher.",
                  "examples": [{"value": "${case.total}", "at_least": 3}]
                },
                "name": {"type": "string", "description": "Name of the step in reports."},
                "timeout": {
                  "$ref": "#/$defs/duration", "description": "Timeout of the step (default: 10 s for `wait`, else the case's)."
                },
                "expect": {"$ref": "#/$defs/expect", "description": "What must hold. Without it, the step must succeed."},
                "capture": {
                  "type": "object",
                  "description": "Values for later steps: a path in the structured content, `text`, or `{result: path}`.",
                  "additionalProperties": {
                    "anyOf": [
                      {"type": "string"},
                      {
                        "type": "object", "additionalProperties": false,
                        "properties": {"json": {"type": "string"}, "result": {"type": "string"}}
                      }
                    ]
                  },
                  "examples": [{"id": "/items/0/id"}]
                }
              }
            },
        """#
}
