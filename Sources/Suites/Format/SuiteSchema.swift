/// The published JSON Schema of the format, for editors.
///
/// It accepts what ``SuiteReader`` accepts, as far as a schema can say that.
package enum SuiteSchema {
    /// Where the schema of this version is published; files point to it in their first line.
    package static let address =
        "https://raw.githubusercontent.com/rdwj/mcp-test-mcp/main/Documentation/suite.schema.json"

    package static let text = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "https://raw.githubusercontent.com/rdwj/mcp-test-mcp/main/Documentation/suite.schema.json",
          "title": "mcp-test-mcp suite",
          "description": "A file with test cases for an MCP server. `mcp-test-mcp run` runs it.",
          "type": "object",
          "required": ["version", "cases"],
          "additionalProperties": false,
          "properties": {
            "version": {"const": 1, "description": "Version of the format."},
            "name": {"type": "string", "description": "Name of the suite in reports (default: its path)."},
            "server": {"$ref": "#/$defs/server", "description": "The server under test. Excludes `servers`."},
            "servers": {
              "type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/server"},
              "description": "Servers by name; a case names one with `server`.",
              "examples": [{"local": "server.py", "deployed": {"url": "https://example.com/mcp"}}]
            },
            "matrix": {
              "type": "object", "additionalProperties": false,
              "description": "Every case runs once for each combination.",
              "properties": {
                "protocols": {
                  "type": "array", "items": {"type": "string"}, "description": "`auto`, `legacy`, `modern` or revisions.",
                  "examples": [["legacy", "modern"]]
                },
                "servers": {
                  "type": "array", "items": {"type": "string"}, "description": "Names of servers, for cases that name none.",
                  "examples": [["local", "deployed"]]
                }
              }
            },
            "variables": {
              "type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
              "description": "Values for `${NAME}`. They take precedence over environment variables.",
              "examples": [{"CITY": "Lisbon"}]
            },
            "secrets": {
              "type": "array", "items": {"type": "string"},
              "description": "Names of variables whose values are replaced in every output.", "examples": [["API_TOKEN"]]
            },
            "defaults": {
              "type": "object", "additionalProperties": false, "description": "Values for all cases that do not set their own.",
              "properties": {
                "timeout": {"$ref": "#/$defs/duration", "description": "Timeout of a case.", "default": "60s"},
                "retry": {
                  "type": "integer", "minimum": 0, "maximum": 10, "description": "Further runs after a failure.", "default": 0
                },
                "tags": {
                  "type": "array", "items": {"type": "string"}, "description": "Tags of every case, besides its own.",
                  "examples": [["smoke"]]
                }
              }
            },
            "client": {"$ref": "#/$defs/client", "description": "How the client behaves in all cases that do not set their own."},
            "isolation": {"$ref": "#/$defs/isolation"},
            "setup": {"$ref": "#/$defs/steps", "description": "Steps before those of every case."},
            "teardown": {"$ref": "#/$defs/steps", "description": "Steps after those of every case, even if it fails."},
            "cases": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/case"}, "description": "The cases, in order."}
          },
          "$defs": {
            "duration": {
              "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": "^[0-9.]+ *(ms|s|m)$"}],
              "description": "Seconds, or a number with `ms`, `s` or `m`.", "examples": [5, "500ms", "1m"]
            },
            "isolation": {
              "enum": ["case", "file"], "default": "case",
              "description": "`case`: each case has its own connection and process. `file`: all cases share one and run in order."
            },
            "server": {
              "anyOf": [
                {"type": "string", "description": "A URL, a file, a command line, or `demo`.", "examples": ["server.py"]},
                {
                  "type": "object", "additionalProperties": false,
                  "oneOf": [{"required": ["command"]}, {"required": ["target"]}, {"required": ["url"]}],
                  "properties": {
                    "command": {
                      "anyOf": [{"type": "string"}, {"type": "array", "minItems": 1}],
                      "description": "Command and arguments. Relative paths start at the folder of the suite.",
                      "examples": [["uv", "run", "server.py"]]
                    },
                    "target": {
                      "type": "string", "description": "A URL, a file, a command line, or `demo`.", "examples": ["server.py"]
                    },
                    "url": {"type": "string", "description": "URL of a running server.", "examples": ["http://localhost:8000/mcp"]},
                    "env": {"type": "object", "description": "Environment variables for the server.", "examples": [{"DEBUG": "1"}]},
                    "headers": {
                      "type": "object", "description": "HTTP headers of every request.",
                      "examples": [{"Authorization": "Bearer ${API_TOKEN}"}]
                    },
                    "cwd": {"type": "string", "description": "Working directory (default: the folder of the suite)."},
                    "protocol": {"type": "string", "description": "`auto`, `legacy`, `modern` or a revision.", "default": "auto"},
                    "transport": {
                      "enum": ["auto", "streamable-http", "sse"], "description": "Transport for a URL.", "default": "auto"
                    },
                    "connect_timeout": {"$ref": "#/$defs/duration", "description": "Connect timeout.", "default": "30s"},
                    "instances": {
                      "type": "integer", "minimum": 1, "maximum": 8,
                      "description": "Processes that take turns with the requests, to show whether the server keeps state.",
                      "default": 1
                    }
                  }
                }
              ]
            },
            "client": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "answers": {
                  "type": "array", "items": {"$ref": "#/$defs/answer"},
                  "description": "Answers to input requests. The first that matches is used, once. All must be used."
                },
                "roots": {
                  "type": "array", "description": "Roots that the client declares.", "examples": [["file:///project"]],
                  "items": {
                    "anyOf": [
                      {"type": "string"},
                      {
                        "type": "object", "required": ["uri"], "additionalProperties": false,
                        "properties": {
                          "uri": {"type": "string", "description": "URI of the root."},
                          "name": {"type": "string", "description": "Name for people."}
                        }
                      }
                    ]
                  }
                },
                "undeclared": {
                  "type": "array", "items": {"enum": ["elicitation", "sampling", "roots"]},
                  "description": "Capabilities that are not declared although there are answers or roots.",
                  "examples": [["sampling"]]
                }
              }
            },
            "answer": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "match": {
                  "type": "object", "additionalProperties": false,
                  "description": "Which input requests the answer is for (default: those of its kind).",
                  "properties": {
                    "kind": {"enum": ["elicitation", "sampling", "roots"], "description": "Kind of the input request."},
                    "key": {"type": "string", "description": "Key of the input request in the result that requires input."},
                    "message_contains": {"type": "string", "description": "Text that the message has."},
                    "fields": {"type": "array", "items": {"type": "string"}, "description": "Fields that the form has."}
                  },
                  "examples": [{"kind": "elicitation", "message_contains": "name"}]
                },
                "action": {"enum": ["accept", "decline", "cancel"], "description": "What the user does with a form or a URL."},
                "content": {"description": "Values of the form, or content of the model's message.", "examples": [{"name": "Ada"}]},
                "text": {"type": "string", "description": "Text of the model's message.", "examples": ["42"]},
                "message": {"description": "The whole result of a sampling request."},
                "role": {"description": "Role of the model's message.", "default": "assistant"},
                "model": {"description": "Name of the model."},
                "roots": {"type": "array", "description": "Roots to return."},
                "error": {"type": "object", "description": "Protocol error to return instead of a result."},
                "optional": {"type": "boolean", "description": "Whether the case passes without its use.", "default": false},
                "request": {"$ref": "#/$defs/paths", "description": "What must hold for the parameters of the input request."}
              }
            },
            "case": {
              "type": "object", "required": ["name", "steps"], "additionalProperties": false,
              "properties": {
                "name": {"type": "string", "minLength": 1, "description": "Name of the case, unique in the file."},
                "server": {"type": "string", "description": "Name of one of `servers`."},
                "tags": {"type": "array", "items": {"type": "string"}, "description": "Tags for `--tag` and `--exclude-tag`."},
                "client": {"$ref": "#/$defs/client", "description": "How the client behaves, instead of the client of the suite."},
                "isolation": {"$ref": "#/$defs/isolation"},
                "setup": {"$ref": "#/$defs/steps", "description": "Steps before `steps`, after the setup of the suite."},
                "steps": {
                  "$ref": "#/$defs/steps", "minItems": 1, "description": "The steps. The case stops at the first that fails."
                },
                "teardown": {"$ref": "#/$defs/steps", "description": "Steps after `steps`, even if one of them fails."},
                "timeout": {"$ref": "#/$defs/duration", "description": "Timeout of the case.", "default": "60s"},
                "retry": {
                  "type": "integer", "minimum": 0, "maximum": 10, "default": 0,
                  "description": "Further runs after a failure. A case that passes then is flaky."
                },
                "repeat": {
                  "type": "integer", "minimum": 1, "maximum": 10000, "default": 1,
                  "description": "Number of runs. All must pass; the report shows which parts of the results vary."
                },
                "skip": {"$ref": "#/$defs/reason", "description": "Why the case does not run."},
                "expected_failure": {"$ref": "#/$defs/reason", "description": "Why the case fails. It fails if it passes."}
              }
            },
            "reason": {
              "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
              ],
              "description": "A reason, or reasons by value or combination of the matrix.",
              "examples": ["not implemented", {"modern": "sampling is missing"}, {"local, modern": "no sampling there"}]
            },
            "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
        \#(step)
            "expect": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "text": {"$ref": "#/$defs/matcher", "description": "The text of the result.", "examples": [{"contains": "Lisbon"}]},
                "json": {
                  "$ref": "#/$defs/paths", "description": "Paths in the structured content, or in the text as JSON.",
                  "examples": [{"/price": {"at_most": 5}}]
                },
                "result": {
                  "$ref": "#/$defs/paths", "description": "Paths in the whole result.", "examples": [{"/content": {"length": 1}}]
                },
                "names": {"$ref": "#/$defs/matcher", "description": "The names of a list.", "examples": [{"contains": "search"}]},
                "values": {"$ref": "#/$defs/matcher", "description": "The values of a completion.", "examples": [["swift"]]},
                "is_error": {"type": "boolean", "description": "Whether the tool reports an error.", "default": false},
                "error": {
                  "description": "The server returns a protocol error: any (`true`), one with this code, or one that matches.",
                  "anyOf": [
                    {"const": true}, {"type": "integer"},
                    {
                      "type": "object", "additionalProperties": false,
                      "properties": {
                        "code": {"$ref": "#/$defs/matcher", "description": "The code."},
                        "message": {"$ref": "#/$defs/matcher", "description": "The message."},
                        "data": {"$ref": "#/$defs/paths", "description": "Paths in the data."}
                      }
                    }
                  ],
                  "examples": [-32602]
                },
                "schema": {
                  "type": ["object", "boolean"], "description": "Schema of the JSON. `false`: do not check the output schema."
                },
                "latency": {
                  "anyOf": [{"type": "number"}, {"type": "string"}], "description": "Longest time of the response.",
                  "examples": ["<500ms"]
                },
                "snapshot": {
                  "anyOf": [
                    {"const": true}, {"type": "string", "minLength": 1},
                    {
                      "type": "object", "additionalProperties": false,
                      "properties": {
                        "name": {"type": "string", "minLength": 1, "description": "Name in the file of snapshots (default: a number)."},
                        "except": {
                          "type": "array", "items": {"type": "string"},
                          "description": "JSON Pointers or JSONPaths of what is omitted, such as a random value.",
                          "examples": [["/structuredContent/id"]]
                        }
                      }
                    }
                  ],
                  "description": "The result equals the one that `--update` has kept, under this name or a number.",
                  "examples": [true, "forecast", {"except": ["/structuredContent/id"]}]
                },
                "events": {
                  "type": "object", "additionalProperties": false, "description": "Notifications during the step.",
                  "properties": {
                    "in_order": {"type": "array", "items": {"$ref": "#/$defs/event"}, "description": "Notifications that must arrive in this order."},
                    "any_order": {"type": "array", "items": {"$ref": "#/$defs/event"}, "description": "Notifications that must arrive."},
                    "never": {"type": "array", "items": {"$ref": "#/$defs/event"}, "description": "Notifications that must not arrive."}
                  },
                  "examples": [{"in_order": ["progress", {"log": {"/level": "info"}}]}]
                },
                "stderr": {"$ref": "#/$defs/matcher", "description": "Standard error of the server during the step."},
                "stdout": {
                  "enum": ["clean", "any"], "default": "clean",
                  "description": "`any`: standard output may have text that is not protocol."
                }
              }
            },
            "event": {
              "anyOf": [
                {"type": "string"},
                {
                  "type": "object", "minProperties": 1, "maxProperties": 1,
                  "additionalProperties": {"$ref": "#/$defs/paths"}
                }
              ],
              "description": "A notification: `progress`, `log`, `tools_changed`, `resources_changed`, `prompts_changed`, `resource_updated`, `task_status` or its whole name. A mapping also has conditions for its parameters.",
              "examples": ["progress", {"log": {"/level": "info"}}]
            },
            "paths": {
              "type": "object", "propertyNames": {"pattern": "^($|/|\\$)"},
              "additionalProperties": {"$ref": "#/$defs/matcher"},
              "description": "Matchers by JSON Pointer (`/a/b`) or JSONPath (`$.a[*].b`)."
            },
            "matcher": {
              "description": "A value, which means `equals`, or a mapping of matchers that must all hold.",
              "if": {"type": "object"},
              "then": {
                "minProperties": 1, "additionalProperties": false,
                "properties": {
                  "equals": {"description": "Is this value."},
                  "contains": {"description": "Is a text, list or mapping that contains this.", "examples": ["Lisbon"]},
                  "matches": {
                    "type": "string", "description": "Is a text that matches this regular expression.", "examples": ["^v[0-9]"]
                  },
                  "any": {"$ref": "#/$defs/matchers", "description": "At least one matcher holds."},
                  "all": {"$ref": "#/$defs/matchers", "description": "All matchers hold."},
                  "none": {"$ref": "#/$defs/matchers", "description": "No matcher holds."},
                  "not": {"$ref": "#/$defs/matcher", "description": "The matcher does not hold."},
                  "each": {"$ref": "#/$defs/matcher", "description": "The matcher holds for each element."},
                  "approx": {"type": ["number", "string"], "description": "Is about this number.", "examples": [3.14]},
                  "tolerance": {
                    "type": "number", "minimum": 0, "description": "Largest difference for `approx`.", "default": 0.000001
                  },
                  "type": {
                    "anyOf": [{"$ref": "#/$defs/type"}, {"type": "array", "items": {"$ref": "#/$defs/type"}}],
                    "description": "Has this type, or one of these.", "examples": ["string", ["number", "null"]]
                  },
                  "length": {
                    "$ref": "#/$defs/matcher", "description": "The length of a text, list or mapping.", "examples": [{"at_least": 1}]
                  },
                  "unordered": {"type": "array", "description": "Is a list of these elements in any order."},
                  "at_least": {"type": ["number", "string"], "description": "Is at least this number."},
                  "at_most": {"type": ["number", "string"], "description": "Is at most this number."},
                  "above": {"type": ["number", "string"], "description": "Is above this number."},
                  "below": {"type": ["number", "string"], "description": "Is below this number."},
                  "exists": {"type": "boolean", "description": "Whether there is a value."}
                }
              }
            },
            "matchers": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/matcher"}},
            "type": {
              "enum": ["string", "number", "integer", "boolean", "object", "array", "null", null],
              "description": "`string`, `number`, `integer`, `boolean`, `object`, `array` or `null`."
            }
          }
        }
        """#
}
