#include "io/model/llama/chat_prompt.hpp"

#include <utility>

#include <llama.h>

#include "core/base/log.hpp"

namespace hayate::model::llama {
namespace {

/// Empty if llama.cpp does not know the template.
std::string apply_template(const std::string& text, std::span<const ChatMessage> messages) {
    std::vector<llama_chat_message> chat;
    size_t size = 256;
    for (const ChatMessage& message : messages) {
        chat.push_back({.role = message.role.c_str(), .content = message.content.c_str()});
        size += message.content.size() + 64;
    }
    std::string out(size, '\0');
    const auto apply = [&] {
        return llama_chat_apply_template(text.c_str(), chat.data(), chat.size(), true, out.data(),
                                         static_cast<int32_t>(out.size()));
    };
    int32_t length = apply();
    if (length > static_cast<int32_t>(out.size())) {
        out.resize(static_cast<size_t>(length));
        length = apply();
    }
    out.resize(length > 0 ? static_cast<size_t>(length) : 0);
    return out;
}

/// The same messages with marks for contents.
std::vector<ChatMessage> with_marks(std::span<const ChatMessage> messages) {
    std::vector<ChatMessage> marked;
    for (const ChatMessage& message : messages) {
        marked.push_back({.role = message.role, .content = content_mark(marked.size())});
    }
    return marked;
}

}  // namespace

std::string content_mark(size_t index) {
    // Private use characters: no template has them, and the contents themselves are never rendered.
    return "\uE000content-" + std::to_string(index) + "\uE001";
}

std::vector<PromptPart> fill_marks(std::string_view rendered,
                                   std::span<const ChatMessage> messages) {
    std::vector<PromptPart> parts;
    for (size_t i = 0; i < messages.size(); ++i) {
        const std::string mark = content_mark(i);
        const size_t at = rendered.find(mark);
        if (at == std::string_view::npos) continue;
        if (at > 0) parts.push_back({.text = std::string(rendered.substr(0, at))});
        parts.push_back({.text = messages[i].content, .is_content = true});
        rendered.remove_prefix(at + mark.size());
    }
    if (!rendered.empty()) parts.push_back({.text = std::string(rendered)});
    return parts;
}

ChatPrompt::ChatPrompt(std::shared_ptr<const Weights> weights)
    : weights_(std::move(weights)), template_(weights_->chat_template()) {
    const std::vector<ChatMessage> probe = with_marks(std::vector<ChatMessage>{
        {.role = "system", .content = ""}, {.role = "user", .content = ""}});
    if (template_.empty() || apply_template(template_, probe).empty()) {
        base::log_warning("chat_template_unknown", {{"used_instead", "chatml"}});
        template_ = "chatml";
    }
    has_system_role_ = apply_template(template_, probe).find(content_mark(0)) != std::string::npos;
}

std::vector<Token> ChatPrompt::tokens(std::span<const ChatMessage> messages) const {
    return tokenize(parts(messages));
}

std::vector<Token> ChatPrompt::system_tokens(std::string_view system) const {
    const std::vector<ChatMessage> messages{{.role = "system", .content = std::string(system)},
                                            {.role = "user", .content = ""}};
    std::vector<PromptPart> all = parts(messages);
    while (!all.empty() && !all.back().is_content) all.pop_back();
    if (!all.empty()) all.pop_back();  // the user's words
    return tokenize(all);
}

std::vector<PromptPart> ChatPrompt::parts(std::span<const ChatMessage> messages) const {
    return fill_marks(render(messages), messages);
}

std::string ChatPrompt::render(std::span<const ChatMessage> messages) const {
    std::vector<ChatMessage> marked = with_marks(messages);
    const bool begins_with_system = marked.size() > 1 && marked.front().role == "system";
    if (begins_with_system && !has_system_role_) {
        marked[1].content = marked[0].content + "\n\n" + marked[1].content;
        marked.erase(marked.begin());
    }
    return apply_template(template_, marked);
}

std::vector<Token> ChatPrompt::tokenize(std::span<const PromptPart> parts) const {
    std::vector<Token> all = weights_->beginning();
    for (const PromptPart& part : parts) {
        const auto kind = part.is_content ? Weights::Text::kData : Weights::Text::kTemplate;
        const std::vector<Token> tokens = weights_->tokenize(part.text, kind);
        all.insert(all.end(), tokens.begin(), tokens.end());
    }
    return all;
}

}  // namespace hayate::model::llama
