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
          "type": "object",
          "required": ["version", "cases"],
          "additionalProperties": false,
          "properties": {
            "version": {"const": 1},
            "name": {"type": "string", "description": "Name of the suite in reports (default: its path)."},
            "server": {"$ref": "#/$defs/server"},
            "servers": {
              "type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/server"},
              "description": "Servers by name; a case names one with `server`."
            },
            "matrix": {
              "type": "object", "additionalProperties": false,
              "description": "Every case runs once for each combination.",
              "properties": {
                "protocols": {
                  "type": "array", "items": {"type": "string"}, "description": "auto, legacy, modern or revisions."
                },
                "servers": {
                  "type": "array", "items": {"type": "string"}, "description": "Names of servers, for cases that name none."
                }
              }
            },
            "variables": {
              "type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
              "description": "Values for ${NAME}. They take precedence over environment variables."
            },
            "secrets": {
              "type": "array", "items": {"type": "string"},
              "description": "Names of variables whose values are replaced in every output."
            },
            "defaults": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "timeout": {"$ref": "#/$defs/duration"},
                "retry": {"type": "integer", "minimum": 0, "maximum": 10},
                "tags": {"type": "array", "items": {"type": "string"}}
              }
            },
            "client": {"$ref": "#/$defs/client"},
            "isolation": {"$ref": "#/$defs/isolation"},
            "setup": {"$ref": "#/$defs/steps"},
            "teardown": {"$ref": "#/$defs/steps"},
            "cases": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/case"}}
          },
          "$defs": {
            "duration": {
              "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": "^[0-9.]+ *(ms|s|m)$"}],
              "description": "Seconds, or a number with ms, s or m."
            },
            "isolation": {
              "enum": ["case", "file"],
              "description": "case: a connection, and so a process, per case. file: one for all cases, which run in order."
            },
            "server": {
              "anyOf": [
                {"type": "string", "description": "A URL, a file, a command line, or demo."},
                {
                  "type": "object", "additionalProperties": false,
                  "oneOf": [{"required": ["command"]}, {"required": ["target"]}, {"required": ["url"]}],
                  "properties": {
                    "command": {
                      "anyOf": [{"type": "string"}, {"type": "array", "minItems": 1}],
                      "description": "Command and arguments. Relative paths start at the folder of the suite."
                    },
                    "target": {"type": "string", "description": "A URL, a file, a command line, or demo."},
                    "url": {"type": "string"},
                    "env": {"type": "object", "description": "Environment variables for the server."},
                    "headers": {"type": "object", "description": "HTTP headers of every request."},
                    "cwd": {"type": "string", "description": "Working directory (default: the folder of the suite)."},
                    "protocol": {
                      "type": "string", "description": "auto, legacy, modern or a revision (default: auto)."
                    },
                    "transport": {"enum": ["auto", "streamable-http", "sse"]},
                    "connect_timeout": {"$ref": "#/$defs/duration"},
                    "instances": {
                      "type": "integer", "minimum": 1, "maximum": 8,
                      "description": "Processes that take turns with the requests, to show whether the server keeps state."
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
                  "type": "array",
                  "items": {
                    "anyOf": [
                      {"type": "string"},
                      {
                        "type": "object", "required": ["uri"], "additionalProperties": false,
                        "properties": {"uri": {"type": "string"}, "name": {"type": "string"}}
                      }
                    ]
                  }
                },
                "undeclared": {
                  "type": "array", "items": {"enum": ["elicitation", "sampling", "roots"]},
                  "description": "Capabilities that are not declared."
                }
              }
            },
            "answer": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "match": {
                  "type": "object", "additionalProperties": false,
                  "properties": {
                    "kind": {"enum": ["elicitation", "sampling", "roots"]},
                    "key": {"type": "string"},
                    "message_contains": {"type": "string"},
                    "fields": {"type": "array", "items": {"type": "string"}}
                  }
                },
                "action": {"enum": ["accept", "decline", "cancel"]},
                "content": true, "text": {"type": "string"}, "message": true, "role": true, "model": true,
                "roots": {"type": "array"}, "error": {"type": "object"},
                "optional": {"type": "boolean", "description": "Whether the case passes without its use."},
                "request": {"$ref": "#/$defs/paths"}
              }
            },
            "case": {
              "type": "object", "required": ["name", "steps"], "additionalProperties": false,
              "properties": {
                "name": {"type": "string", "minLength": 1},
                "server": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "client": {"$ref": "#/$defs/client"},
                "isolation": {"$ref": "#/$defs/isolation"},
                "setup": {"$ref": "#/$defs/steps"},
                "steps": {"$ref": "#/$defs/steps", "minItems": 1},
                "teardown": {"$ref": "#/$defs/steps"},
                "timeout": {"$ref": "#/$defs/duration"},
                "retry": {
                  "type": "integer", "minimum": 0, "maximum": 10,
                  "description": "Runs after a failure. A case that passes then is flaky."
                },
                "repeat": {"type": "integer", "minimum": 1, "maximum": 10000},
                "skip": {"$ref": "#/$defs/reason", "description": "Why the case does not run."},
                "expected_failure": {
                  "$ref": "#/$defs/reason", "description": "Why the case fails. It fails if it passes."
                }
              }
            },
            "reason": {
              "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
              ],
              "description": "A reason, or reasons by value of the matrix."
            },
            "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
            "step": {
              "type": "object", "additionalProperties": false,
              "oneOf": [
                {"required": ["call"]}, {"required": ["read"]}, {"required": ["get"]}, {"required": ["list"]},
                {"required": ["complete"]}, {"required": ["subscribe"]}, {"required": ["wait"]}, {"required": ["raw"]},
                {"required": ["restart"]}, {"required": ["assert"]}
              ],
              "properties": {
                "call": {"type": "string", "description": "Name of a tool."},
                "read": {"type": "string", "description": "URI of a resource."},
                "get": {"type": "string", "description": "Name of a prompt."},
                "args": {"anyOf": [{"type": "object"}, {"type": "string", "pattern": "^\\$\\{"}]},
                "list": {"enum": ["tools", "resources", "resource_templates", "prompts"]},
                "complete": {
                  "type": "object", "required": ["argument"], "additionalProperties": false,
                  "properties": {
                    "prompt": {"type": "string"}, "template": {"type": "string"}, "argument": {"type": "string"},
                    "value": true, "context": {"type": "object"}
                  }
                },
                "subscribe": {
                  "anyOf": [
                    {"type": "string"},
                    {
                      "type": "object", "additionalProperties": false,
                      "properties": {
                        "resources": {"type": "array", "items": {"type": "string"}}, "lists": {"type": "boolean"}
                      }
                    }
                  ]
                },
                "wait": {"$ref": "#/$defs/event"},
                "raw": {
                  "type": "object", "additionalProperties": false,
                  "oneOf": [{"required": ["method"]}, {"required": ["notification"]}, {"required": ["bytes"]}],
                  "properties": {
                    "method": {"type": "string"}, "notification": {"type": "string"}, "params": true,
                    "bytes": {"type": "string"}
                  }
                },
                "restart": {"const": true},
                "assert": {"anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}]},
                "name": {"type": "string"},
                "timeout": {"$ref": "#/$defs/duration"},
                "expect": {"$ref": "#/$defs/expect"},
                "capture": {
                  "type": "object",
                  "description": "Values for later steps: a path in the structured content, `text`, or {result: path}.",
                  "additionalProperties": {
                    "anyOf": [
                      {"type": "string"},
                      {
                        "type": "object", "additionalProperties": false,
                        "properties": {"json": {"type": "string"}, "result": {"type": "string"}}
                      }
                    ]
                  }
                }
              }
            },
            "expect": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "text": {"$ref": "#/$defs/matcher", "description": "The text of the result."},
                "json": {"$ref": "#/$defs/paths", "description": "Paths in the structured content, or the text as JSON."},
                "result": {"$ref": "#/$defs/paths", "description": "Paths in the whole result."},
                "names": {"$ref": "#/$defs/matcher", "description": "The names of a list."},
                "values": {"$ref": "#/$defs/matcher", "description": "The values of a completion."},
                "is_error": {"type": "boolean"},
                "error": {
                  "anyOf": [
                    {"const": true}, {"type": "integer"},
                    {
                      "type": "object", "additionalProperties": false,
                      "properties": {
                        "code": {"$ref": "#/$defs/matcher"}, "message": {"$ref": "#/$defs/matcher"},
                        "data": {"$ref": "#/$defs/paths"}
                      }
                    }
                  ]
                },
                "schema": {"type": ["object", "boolean"], "description": "Schema of json. false: no check of the output."},
                "latency": {"anyOf": [{"type": "number"}, {"type": "string"}]},
                "snapshot": {
                  "anyOf": [{"const": true}, {"type": "string", "minLength": 1}],
                  "description": "The result equals the one that --update has kept, under this name or a number."
                },
                "events": {
                  "type": "object", "additionalProperties": false,
                  "properties": {
                    "in_order": {"type": "array", "items": {"$ref": "#/$defs/event"}},
                    "any_order": {"type": "array", "items": {"$ref": "#/$defs/event"}},
                    "never": {"type": "array", "items": {"$ref": "#/$defs/event"}}
                  }
                },
                "stderr": {"$ref": "#/$defs/matcher", "description": "Standard error of the server during the step."},
                "stdout": {"enum": ["clean", "any"]}
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
              "description": "progress, log, tools_changed, resources_changed, prompts_changed, resource_updated, task_status or notifications/…"
            },
            "paths": {
              "type": "object", "propertyNames": {"pattern": "^($|/|\\$)"},
              "additionalProperties": {"$ref": "#/$defs/matcher"}
            },
            "matcher": {
              "if": {"type": "object"},
              "then": {
                "minProperties": 1, "additionalProperties": false,
                "properties": {
                  "equals": true, "contains": true, "matches": {"type": "string"},
                  "any": {"$ref": "#/$defs/matchers"}, "all": {"$ref": "#/$defs/matchers"},
                  "none": {"$ref": "#/$defs/matchers"},
                  "not": {"$ref": "#/$defs/matcher"}, "each": {"$ref": "#/$defs/matcher"},
                  "approx": true, "tolerance": {"type": "number", "minimum": 0},
                  "type": {
                    "anyOf": [{"$ref": "#/$defs/type"}, {"type": "array", "items": {"$ref": "#/$defs/type"}}]
                  },
                  "length": {"$ref": "#/$defs/matcher"}, "unordered": {"type": "array"},
                  "at_least": true, "at_most": true, "above": true, "below": true, "exists": {"type": "boolean"}
                }
              }
            },
            "matchers": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/matcher"}},
            "type": {"enum": ["string", "number", "integer", "boolean", "object", "array", "null", null]}
          }
        }
        """#
}
