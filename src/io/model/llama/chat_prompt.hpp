#pragma once
// ChatPrompt: from messages to the tokens of a prompt, by the chat template in the model's file.
// What people and documents said is tokenized apart from the template, as plain text: nobody can
// write a control token. It also keeps the tokens of a message the same in every prompt, which
// prefix reuse lives from. Const and thread-safe.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/model/llama/types.hpp"
#include "io/model/llama/weights.hpp"

namespace hayate::model::llama {

/// A piece of a rendered prompt: the template's own text, or the content of one message.
struct PromptPart {
    std::string text;
    bool is_content = false;
    friend bool operator==(const PromptPart&, const PromptPart&) = default;
};

class ChatPrompt {
  public:
    /// A file without a template, or with one that llama.cpp does not know, is used with ChatML.
    explicit ChatPrompt(std::shared_ptr<const Weights> weights);

    /// The whole prompt, up to where the assistant begins to speak.
    [[nodiscard]] std::vector<Token> tokens(std::span<const ChatMessage> messages) const;
    /// What every prompt with this system message begins with: everything before the user's first
    /// word.
    [[nodiscard]] std::vector<Token> system_tokens(std::string_view system) const;

  private:
    [[nodiscard]] std::vector<PromptPart> parts(std::span<const ChatMessage> messages) const;
    [[nodiscard]] std::string render(std::span<const ChatMessage> messages) const;
    [[nodiscard]] std::vector<Token> tokenize(std::span<const PromptPart> parts) const;

    std::shared_ptr<const Weights> weights_;
    std::string template_;
    bool has_system_role_ = true;
};

/// The text that stands for the content of message `index` while the template is applied.
[[nodiscard]] std::string content_mark(size_t index);
/// Cuts a rendered prompt at its marks and puts the contents in. A content whose mark is missing
/// was left out by the template. Public for tests.
[[nodiscard]] std::vector<PromptPart> fill_marks(std::string_view rendered,
                                                 std::span<const ChatMessage> messages);

}  // namespace hayate::model::llama
