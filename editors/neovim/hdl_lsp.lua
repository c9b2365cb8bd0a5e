-- hdl-lsp for Neovim 0.11 and later: source this file, or put it where `require` finds it.
--
--   vim.g.hdl_lsp = { cmd = { "hdl-lsp", "serve" }, settings = { inline = { maxTokens = 64 } } }  -- optional
--   dofile("/path/to/hdl_lsp.lua")
--
-- Commands: :HdlExplain  :HdlProject  :HdlEngine  :HdlRestartWorkers
-- Ghost text needs Neovim 0.12 (Tab accepts); in 0.11 the same text is an item of the completion list.
-- For a status line: require("hdl_lsp").status(), or the value that dofile() returns.

local M = {}
local user = vim.g.hdl_lsp or {}
local last ---@type table? parameters of the newest $/hdl/status

if vim.fn.has("nvim-0.11") == 0 then
  vim.notify("hdl-lsp: this file needs Neovim 0.11 or later", vim.log.levels.ERROR)
  return M
end

--- Opens Markdown in a window at the cursor; `q` or moving the cursor closes it.
local function show(markdown)
  local lines = vim.split(markdown, "\n", { trimempty = true })
  vim.lsp.util.open_floating_preview(lines, "markdown", { border = "rounded", focus_id = "hdl_lsp", max_width = 100 })
end

--- Sends a request to the server of this buffer and hands its answer to `use`.
local function ask(method, params, use)
  local client = vim.lsp.get_clients({ bufnr = 0, name = "hdl_lsp" })[1]
  if not client then
    vim.notify("hdl-lsp does not run in this buffer", vim.log.levels.WARN)
    return
  end
  client:request(method, params or vim.empty_dict(), function(err, answer)
    if err then
      vim.notify("hdl-lsp: " .. err.message, vim.log.levels.ERROR)
    else
      use(answer ~= vim.NIL and answer or nil)
    end
  end)
end

--- A table of names and values as Markdown; values that are empty are left out.
local function report(title, rows)
  local out = { "# " .. title, "" }
  for _, row in ipairs(rows) do
    local value = row[2]
    if type(value) == "table" then
      value = table.concat(value, ", ")
    end
    if value ~= nil and value ~= vim.NIL and value ~= "" then
      out[#out + 1] = ("- %s: %s"):format(row[1], value)
    end
  end
  show(table.concat(out, "\n"))
end

function M.explain()
  local client = vim.lsp.get_clients({ bufnr = 0, name = "hdl_lsp" })[1]
  local params = vim.lsp.util.make_position_params(0, client and client.offset_encoding or "utf-16")
  ask("hdl/explain", params, function(answer)
    if answer then
      show(answer.markdown)
    else
      vim.notify("hdl-lsp: there is nothing to explain here")
    end
  end)
end

function M.project()
  ask("hdl/projectStatus", nil, function(project)
    report("Project", {
      { "Decided by", project.source },
      { "Because", project.detail },
      { "Sources", project.sources },
      { "Top modules", project.tops },
      { "Include folders", project.includeDirs },
      { "Macros", project.defines },
    })
  end)
end

function M.engine()
  ask("hdl/engineStatus", nil, function(engine)
    report("Engine", {
      { "State", engine.state },
      { "Model", engine.model },
      { "Device", engine.device },
      { "Context", engine.contextTokens .. " tokens" },
      { "Fill in the middle", engine.fim },
      { "Tokens per second", engine.tokensPerS },
      { "Restarts", engine.restarts },
      { "Remark", engine.detail },
    })
  end)
end

function M.restart_workers()
  ask("hdl/restartWorkers", nil, function()
    vim.notify("hdl-lsp: the model and the analysis have been started again")
  end)
end

--- One short text for the status line; empty before the server has said anything.
function M.status()
  if not last then
    return ""
  end
  if last.engine.state == "failed" then
    return "hdl: model failed"
  end
  if last.analysis.shallow == "failed" or last.analysis.design == "failed" then
    return "hdl: analysis failed"
  end
  if last.indexing and last.indexing ~= vim.NIL then
    return ("hdl: %d/%d files"):format(last.indexing.done, last.indexing.total)
  end
  return last.engine.state == "off" and "hdl: no model" or ("hdl: %s %s"):format(last.engine.model, last.engine.state)
end

vim.filetype.add({ extension = { sv = "systemverilog", svh = "systemverilog", svi = "systemverilog" } })

vim.lsp.config("hdl_lsp", {
  cmd = user.cmd or { "hdl-lsp", "serve" },
  filetypes = { "systemverilog", "verilog" },
  root_markers = { "hdl-lsp.toml", ".git" },
  init_options = vim.tbl_extend("force", user.settings or {}, { hdlStatus = true }),
  settings = { hdl = user.settings },
  handlers = {
    ["$/hdl/status"] = function(_, params)
      last = params
      vim.cmd.redrawstatus()
    end,
  },
  -- What the code action "Explain" runs: its answer is meant to be read.
  commands = {
    ["hdl.explain"] = function(command)
      ask("workspace/executeCommand", { command = command.command, arguments = command.arguments }, function(answer)
        if type(answer) == "table" and answer.markdown then
          show(answer.markdown)
        end
      end)
    end,
  },
})
vim.lsp.enable("hdl_lsp")

vim.api.nvim_create_user_command("HdlExplain", M.explain, { desc = "hdl-lsp: explain what is at the cursor" })
vim.api.nvim_create_user_command("HdlProject", M.project, { desc = "hdl-lsp: which files make the design, and why" })
vim.api.nvim_create_user_command("HdlEngine", M.engine, { desc = "hdl-lsp: the model and the device it runs on" })
vim.api.nvim_create_user_command("HdlRestartWorkers", M.restart_workers, { desc = "hdl-lsp: start model and analysis again" })

vim.api.nvim_create_autocmd("LspAttach", {
  group = vim.api.nvim_create_augroup("hdl_lsp", { clear = true }),
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if not client or client.name ~= "hdl_lsp" then
      return
    end
    vim.lsp.completion.enable(true, client.id, event.buf)
    if vim.lsp.inline_completion then
      vim.lsp.inline_completion.enable(true, { bufnr = event.buf })
      vim.keymap.set("i", "<Tab>", function()
        return vim.lsp.inline_completion.get() and "" or "<Tab>"
      end, { buffer = event.buf, expr = true, desc = "hdl-lsp: accept ghost text" })
    end
  end,
})

package.loaded["hdl_lsp"] = M
return M
