"""The audit log's codes in words, for what people do at a meeting and say of it afterwards: tables and feedback."""

from __future__ import annotations

MEETING = {
    "themes.set_up": "テーマとテーブルの開始",
    "themes.saved": "テーマの変更",
    "themes.chosen": "テーマの希望の選択",
    "themes.choices_noted": "テーマの希望の入力",
    "themes.formed": "テーブルの組分け",
    "themes.moved": "テーブルの移動",
    "themes.card_added": "話し合いのカードの追加",
    "themes.card_laid": "話し合いのカードの移動",
    "themes.card_removed": "話し合いのカードの削除",
    "themes.step_named": "今後取り組みたい活動の入力",
    "feedback.made": "アンケートの作成",
    "feedback.arranged": "アンケートの期限・内訳の変更",
    "feedback.asked": "アンケートの質問の変更",
    "feedback.thanked": "お礼とアンケートの送信",
    "feedback.shown": "アンケートの結果の閲覧",
}
