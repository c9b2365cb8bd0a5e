-- A Neovim user's session with hdl-lsp, without a screen; prints one JSON object with what was answered.
-- usage: nvim --headless --clean -l neovim_session.lua HDL_LSP_LUA SERVER_PROGRAM IBEX_FOLDER
local plugin, program, ibex = _G.arg[1], _G.arg[2], _G.arg[3]
local seen = {}

vim.g.hdl_lsp = { cmd = { program, "serve" } }
vim.cmd("filetype on")
local hdl = dofile(plugin)

local function wait(what, condition)
  assert(vim.wait(60000, condition, 20), "waited for " .. what)
end

--- Line and column, from 0, of the first place in the buffer that matches a plain text; the column of its end.
local function place_after(text)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local _, stop = line:find(text, 1, true)
    if stop then
      return row - 1, stop
    end
  end
  error("not in the buffer: " .. text)
end

local function open(name)
  vim.cmd.edit(ibex .. "/rtl/" .. name)
  wait("hdl_lsp to attach to " .. name, function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = "hdl_lsp" })[1]
    return client ~= nil and client.initialized
  end)
end

--- Puts the cursor on the last character of the first `text` in the buffer.
local function go_to(text)
  local row, column = place_after(text)
  vim.api.nvim_win_set_cursor(0, { row + 1, column - 1 })
  return row, column
end

--- The server's answer to a request about the place behind `text`, where the cursor stands in insert mode.
local function request(method, text, extra)
  local row, column = go_to(text)
  local params = vim.lsp.util.make_position_params(0, "utf-8")
  params.position = { line = row, character = column } -- the encoding is UTF-8: a column is a byte
  local answers = vim.lsp.buf_request_sync(0, method, vim.tbl_extend("force", params, extra or {}), 60000)
  local _, first = next(answers or {})
  assert(first, method .. " was not answered")
  assert(not first.err, vim.inspect(first.err))
  return first.result or vim.NIL
end

--- The text of the floating window that is open; the window is closed.
local function float()
  local found
  wait("a floating window", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        found = window
      end
    end
    return found ~= nil
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(found), 0, -1, false), "\n")
  vim.api.nvim_win_close(found, true)
  return text
end

local function is_clean()
  return #vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR }) == 0
end

local function session()
  open("ibex_counter.sv")
  local client = vim.lsp.get_clients({ bufnr = 0, name = "hdl_lsp" })[1]
  seen.filetype = vim.bo.filetype
  seen.encoding = client.offset_encoding
  seen.hover = request("textDocument/hover", "we = counter_we_i")
  seen.definition = request("textDocument/definition", "we = counter_we_i")
  seen.completion = request("textDocument/completion", "counter_q <= counter_d")

  local row = place_after("counter_q <= '0;")
  vim.api.nvim_buf_set_lines(0, row, row + 1, true, { "        counter_q <=" })
  wait("a suggestion; there is none while the model is loaded", function()
    seen.inline = request("textDocument/inlineCompletion", "        counter_q <=", { context = { triggerKind = 1 } })
    return #seen.inline.items > 0
  end)
  vim.cmd("silent undo")
  wait("the buffer to be without errors again", is_clean)

  local column
  row, column = place_after("we = counter_we_i")
  vim.api.nvim_buf_set_text(0, row, column, row, column, { " & /* größer */ undeclared_sig" })
  wait("a diagnostic", function()
    return not is_clean()
  end)
  seen.diagnostics = vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })
  seen.typed_at = column + #" & /* größer */ "
  vim.cmd("silent undo")
  wait("the diagnostic to go", is_clean)

  go_to("we = counter_we_i")
  vim.cmd.HdlExplain()
  seen.explanation = float()
  vim.cmd.HdlEngine()
  seen.engine = float()
  vim.cmd.HdlProject()
  seen.project = float()
  wait("a model that rests", function()
    return hdl.status():find("ready", 1, true) ~= nil
  end)
  seen.status = hdl.status()

  client:stop()
  wait("the server to stop", function()
    return #vim.lsp.get_clients({ name = "hdl_lsp" }) == 0
  end)
  seen.stopped = true
end

local ok, problem = xpcall(session, debug.traceback)
seen.problem = not ok and problem or nil
io.stdout:write(vim.json.encode(seen))
vim.cmd(ok and "qall!" or "cquit 1")
