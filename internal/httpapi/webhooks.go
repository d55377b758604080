package httpapi

import (
	"net/http"

	"dalil/internal/directory"
	"dalil/internal/service"
)

const webhooksPath = basePath + "/webhooks"

// webhookList is the wire form of the list of webhooks.
type webhookList struct {
	Items []service.Hook `json:"items"`
	Total int            `json:"total"`
	Seq   uint64         `json:"seq"`
}

// newWebhook is a webhook with its secret, which is told this once.
type newWebhook struct {
	service.Hook

	Secret string `json:"secret,omitempty"`
}

// pinged says whether a test arrived.
type pinged struct {
	Delivered bool   `json:"delivered"`
	Error     string `json:"error,omitempty"`
}

// webhookRoutes are the addresses of the webhooks.
func (a *API) webhookRoutes() []Route {
	one := webhooksPath + "/:id"
	return []Route{
		read(webhooksPath, "listWebhooks", a.listWebhooks).administers(),
		read(one, "getWebhook", a.getWebhook).administers(),
		write(http.MethodPost, webhooksPath, "createWebhook", a.createWebhook).takes(maxBodyBytes, mediaJSON).administers(),
		write(http.MethodDelete, one, "deleteWebhook", a.deleteWebhook).administers(),
		write(http.MethodPost, one+"/test", "testWebhook", a.testWebhook).administers().unrepeated(),
	}
}

// listWebhooks answers the live webhooks, without their secrets.
func (a *API) listWebhooks(c *call) error {
	hooks, err := a.svc.Hooks(c.caller)
	if err != nil {
		return err
	}
	return c.private(http.StatusOK, webhookList{hooks, len(hooks), c.position()})
}

// getWebhook answers one webhook, and how it goes.
func (a *API) getWebhook(c *call) error {
	hook, err := a.svc.Hook(c.caller, c.gin.Param("id"))
	if err != nil {
		return err
	}
	return c.private(http.StatusOK, hook)
}

// createWebhook makes a webhook and tells its secret.
func (a *API) createWebhook(c *call) error {
	w, body, err := c.writing()
	if err != nil {
		return err
	}
	var spec service.HookSpec
	if err := directory.DecodeStrict(body, &spec); err != nil {
		return err
	}
	hook, secret, err := a.svc.CreateHook(c.req.Context(), w, spec)
	if err != nil {
		return c.unwritten(err)
	}
	c.head = a.svc.Head()
	if w.DryRun {
		return c.private(http.StatusOK, newWebhook{Hook: hook})
	}
	c.out.Header()["Location"] = []string{webhooksPath + "/" + hook.ID}
	return c.private(http.StatusCreated, newWebhook{hook, secret})
}

// deleteWebhook ends a webhook.
func (a *API) deleteWebhook(c *call) error {
	w, _, err := c.writing()
	if err != nil {
		return err
	}
	if err := a.svc.DeleteHook(c.req.Context(), w, c.gin.Param("id")); err != nil {
		return c.unwritten(err)
	}
	c.head = a.svc.Head()
	c.stampPosition()
	c.out.WriteHeader(http.StatusNoContent)
	c.out.WriteHeaderNow()
	return nil
}

// testWebhook sends a webhook a message, and says whether it arrived.
func (a *API) testWebhook(c *call) error {
	w, _, err := c.writing()
	if err != nil {
		return err
	}
	failed, err := a.svc.Ping(c.req.Context(), w, c.gin.Param("id"))
	if err != nil {
		return c.unwritten(err)
	}
	c.head = a.svc.Head()
	return c.private(http.StatusOK, pinged{failed == "" && !w.DryRun, failed})
}
