package httpapi

import (
	"net/http"

	"dalil/internal/directory"
)

// webhookWords says what the operations are.
var webhookWords = map[string]operationWords{
	"listWebhooks": {"webhooks", "List the webhooks", "The live webhooks, by id, and how they go. Only for keys of the scope admin."},
	"getWebhook":   {"webhooks", "Read a webhook", "What it is told, how far it has got, and what went wrong on this node."},
	"createWebhook": {"webhooks", "Create a webhook", "What `GET /changes` tells from now on is sent to an https address, one message for each commit (several for a big " +
		"one), in order, each until it is answered with 200 to 299. Messages follow the Standard Webhooks conventions: `webhook-id` is the same whenever a message is " +
		"sent again, `webhook-timestamp`, and `webhook-signature` (`v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`). The secret is in the answer, this once. After " +
		"three days of failures, or a 410, the webhook is disabled. No redirects are followed, and private addresses are refused."},
	"deleteWebhook": {"webhooks", "Delete a webhook", "It is told nothing from then on."},
	"testWebhook":   {"webhooks", "Test a webhook", "Sends a message of the type `ping` and says whether it arrived. A disabled webhook whose ping arrives is told the changes again."},
}

// webhookSuccesses describes the answers.
func webhookSuccesses(r Route) []success {
	switch r.ID {
	case "listWebhooks":
		return []success{succeed(http.StatusOK, "WebhooksListed", "The live webhooks.", inJSON("WebhookList"))}
	case "getWebhook":
		return []success{succeed(http.StatusOK, "WebhookRead", "The webhook, without its secret.", inJSON("Hook"))}
	case "createWebhook":
		return []success{
			succeed(http.StatusOK, "WebhookRehearsed", "With `dry_run`: the webhook as it would be.", inJSON("Hook")),
			succeed(http.StatusCreated, "WebhookCreated", "The webhook and its secret, which is told this once.", inJSON("NewWebhook"), "LocationOfRecord"),
		}
	case "testWebhook":
		return []success{succeed(http.StatusOK, "WebhookTested", "Whether the message arrived; with `dry_run` none is sent.", inJSON("Pinged"))}
	default:
		return []success{succeed(http.StatusNoContent, "WebhookDeleted", "It is told nothing any more; or with `dry_run`, it would not be.", nil)}
	}
}

func (s *schemas) adjustWebhooks() {
	kinds := schema{"type": "array", "items": kindSchema(), "uniqueItems": true, "maxItems": len(directory.Kinds())}
	ops := schema{
		"type": "array", "uniqueItems": true, "maxItems": 6,
		"items": schema{"type": "string", "enum": []any{"put", "archive", "restore", "merge", "hide", "erase"}},
	}
	clearance := schema{"type": "string", "enum": []any{string(directory.Public), string(directory.Partners), string(directory.Ministry)}}
	for _, name := range []string{"HookSpec", "Hook", "NewWebhook"} {
		s.set(name, "kinds", kinds)
		s.set(name, "ops", ops)
		s.set(name, "clearance", clearance)
		s.set(name, "url", schema{"type": "string", "format": "iri", "pattern": `^https?://`, "maxLength": 2000})
	}
	s.set("HookSpec", "description", schema{"type": "string", "minLength": 1, "maxLength": 500, "pattern": lineForm})
	s.set("HookSpec", "clearance", with(clearance, "default", string(directory.Public)))
	s.all["HookSpec"]["required"] = []any{"url"}
}

func exampleHookSpec() map[string]any {
	return map[string]any{
		"url": "https://example.org/dalil", "kinds": []any{"actors", "roles"}, "clearance": "public", "description": "The portal's copy",
	}
}

func exampleHook() map[string]any {
	hook := exampleHookSpec()
	hook["id"], hook["seq"] = "webhook-4jyq2z6d3lwj", 512
	hook["created"] = map[string]any{"at": exampleTime, "by": "bootstrap", "seq": 512}
	return hook
}

func exampleNewHook() map[string]any {
	hook := exampleHook()
	hook["secret"] = "whsec_RVhBTVBMRS1FWEFNUExFLUVYQU1QTEUtRVhBTVBMRS0="
	return hook
}

func exampleHooks() map[string]any {
	return map[string]any{"items": []any{exampleHook()}, "total": 1, "seq": 512}
}
