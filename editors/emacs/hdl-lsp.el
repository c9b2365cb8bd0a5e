;;; hdl-lsp.el --- SystemVerilog and Verilog with a local model  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools

;;; Commentary:

;; Load this file, then open a SystemVerilog file and say M-x eglot, or M-x lsp:
;;
;;   (load "/path/to/hdl-lsp.el")
;;   (add-hook 'verilog-mode-hook #'eglot-ensure)
;;
;; Eglot (Emacs 28 with the package, 29 and later as they are):
;;   M-x hdl-lsp-explain, hdl-lsp-show-engine, hdl-lsp-show-project, hdl-lsp-restart-workers
;;   and a short text about the model in the mode line.
;; lsp-mode: the server is registered; from lsp-mode 10 on there is ghost text, accepted with C-c y.
;; Eglot has no ghost text; there the same text is an item of the completion list.

;;; Code:

(require 'cl-lib)

(defgroup hdl-lsp nil
  "SystemVerilog and Verilog with a local model."
  :group 'tools)

(defcustom hdl-lsp-command '("hdl-lsp" "serve")
  "The program that is the server, and its arguments."
  :type '(repeat string))

(defcustom hdl-lsp-settings nil
  "Settings of the server as a property list.
For instance (:inline (:maxTokens 64))."
  :type 'plist)

(defvar hdl-lsp--modes '(verilog-mode verilog-ts-mode systemverilog-mode)
  "Major modes whose buffers belong to the server.")

(defvar hdl-lsp--status nil
  "Parameters of the newest $/hdl/status as a property list.")

(defun hdl-lsp-status ()
  "A short text about the model and the analysis for the mode line."
  (let* ((engine (plist-get hdl-lsp--status :engine))
         (analysis (plist-get hdl-lsp--status :analysis))
         (state (plist-get engine :state)))
    (cond ((null hdl-lsp--status) "")
          ((equal state "failed") " hdl:model-failed")
          ((or (equal (plist-get analysis :shallow) "failed")
               (equal (plist-get analysis :design) "failed"))
           " hdl:analysis-failed")
          ((equal state "off") " hdl:no-model")
          (t (format " hdl:%s:%s" (plist-get engine :model) state)))))

(defun hdl-lsp--show (title markdown)
  "Show MARKDOWN in a help window called TITLE."
  (with-current-buffer (get-buffer-create (format "*hdl-lsp %s*" title))
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert markdown)
      (goto-char (point-min))
      (when (fboundp 'gfm-view-mode) (gfm-view-mode))
      (setq buffer-read-only t))
    (display-buffer (current-buffer))))

(defun hdl-lsp--report (title answer rows)
  "Show the values of the property list ANSWER under TITLE.
ROWS are pairs of a name and a property; empty values are left out."
  (hdl-lsp--show
   title
   (concat "# " (capitalize title) "\n\n"
           (mapconcat
            (lambda (row)
              (let ((value (plist-get answer (cdr row))))
                (if (member value '(nil "" [])) ""
                  (format "- %s: %s\n" (car row)
                          (if (vectorp value) (mapconcat #'identity value ", ") value)))))
            rows ""))))

;;; Eglot

(declare-function eglot-current-server "eglot")
(declare-function eglot--TextDocumentPositionParams "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function jsonrpc-async-request "jsonrpc")
(defvar eglot-server-programs)

(defun hdl-lsp--server ()
  "The Eglot server of this buffer, or an error that says there is none."
  (or (and (fboundp 'eglot-current-server) (eglot-current-server))
      (user-error "The server hdl-lsp does not run in this buffer; start it with M-x eglot")))

;;;###autoload
(defun hdl-lsp-explain ()
  "Explain what is at point, in words.
The answer comes when the model has written it."
  (interactive)
  (jsonrpc-async-request
   (hdl-lsp--server) :hdl/explain (eglot--TextDocumentPositionParams)
   :success-fn (lambda (answer)
                 (if answer (hdl-lsp--show "explanation" (plist-get answer :markdown))
                   (message "There is nothing to explain here")))
   :error-fn (lambda (err) (message "hdl-lsp: %s" (plist-get err :message)))
   :timeout 120))

;;;###autoload
(defun hdl-lsp-show-engine ()
  "Show the model, the device it runs on, and how it is doing."
  (interactive)
  (hdl-lsp--report "engine" (jsonrpc-request (hdl-lsp--server) :hdl/engineStatus nil)
                   '(("State" . :state) ("Model" . :model) ("Device" . :device)
                     ("Context, in tokens" . :contextTokens) ("Fill in the middle" . :fim)
                     ("Tokens per second" . :tokensPerS) ("Restarts" . :restarts)
                     ("Remark" . :detail))))

;;;###autoload
(defun hdl-lsp-show-project ()
  "Show which files make the design, and why."
  (interactive)
  (hdl-lsp--report "project" (jsonrpc-request (hdl-lsp--server) :hdl/projectStatus nil)
                   '(("Decided by" . :source) ("Because" . :detail) ("Sources" . :sources)
                     ("Top modules" . :tops) ("Include folders" . :includeDirs)
                     ("Macros" . :defines))))

;;;###autoload
(defun hdl-lsp-restart-workers ()
  "Start the model and the analysis again."
  (interactive)
  (jsonrpc-request (hdl-lsp--server) :hdl/restartWorkers nil)
  (message "The model and the analysis have been started again"))

(with-eval-after-load 'eglot
  (dolist (mode hdl-lsp--modes)
    (put mode 'eglot-language-id "systemverilog"))
  (setq eglot-server-programs
        (cons (cons hdl-lsp--modes
                    (lambda (&rest _)
                      (append hdl-lsp-command
                              (list :initializationOptions
                                    (append hdl-lsp-settings '(:hdlStatus t))))))
              eglot-server-programs))
  (cl-defmethod eglot-handle-notification (_server (_method (eql $/hdl/status)) &rest params)
    "Keep the status for the mode line."
    (setq hdl-lsp--status params)
    (force-mode-line-update t))
  ;; The code action "Explain" runs the command hdl.explain; its answer is meant to be read.
  (cl-defmethod eglot-execute-command :around (_server (_command (eql hdl.explain)) _arguments)
    "Show the explanation (Eglot up to 1.14)."
    (hdl-lsp--show-answer (cl-call-next-method)))
  (when (fboundp 'eglot-execute)
    (cl-defmethod eglot-execute :around (_server action)
      "Show the explanation (Eglot from 1.15 on)."
      (let* ((answer (cl-call-next-method))
             (command (plist-get action :command))
             (name (if (stringp command) command (plist-get command :command))))
        (if (equal name "hdl.explain") (hdl-lsp--show-answer answer) answer))))
  (add-to-list 'mode-line-misc-info '(eglot--managed-mode (:eval (hdl-lsp-status)))))

(defun hdl-lsp--show-answer (answer)
  "Show ANSWER when it is an explanation; ANSWER itself."
  (when (stringp (plist-get answer :markdown))
    (hdl-lsp--show "explanation" (plist-get answer :markdown)))
  answer)

;;; lsp-mode

(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-inline-completion-accept "lsp-inline-completion")
(defvar lsp-language-id-configuration)
(defvar lsp-inline-completion-active-map)

(with-eval-after-load 'lsp-mode
  (dolist (mode hdl-lsp--modes)
    (add-to-list 'lsp-language-id-configuration (cons mode "systemverilog")))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () hdl-lsp-command))
                    :activation-fn (lambda (_file mode) (memq mode hdl-lsp--modes))
                    :initialization-options (lambda () hdl-lsp-settings)
                    :priority 1
                    :server-id 'hdl-lsp)))

(with-eval-after-load 'lsp-inline-completion
  ;; The default key, C-RET, is one that terminals do not send.
  (define-key lsp-inline-completion-active-map (kbd "C-c y") #'lsp-inline-completion-accept))

(provide 'hdl-lsp)
;;; hdl-lsp.el ends here
