"""Pages about people and one's own account."""

from django.urls import path

from kernel.accounts.views import memberships, people, profile

app_name = "accounts"
urlpatterns = [
    path("people/", people.UserList.as_view(), name="user_list"),
    path("people/new/", people.UserCreate.as_view(), name="user_create"),
    path("people/<int:pk>/", people.UserDetail.as_view(), name="user_detail"),
    path("people/<int:pk>/edit/", people.UserUpdate.as_view(), name="user_update"),
    path("people/<int:pk>/invitation/", people.UserInviteAgain.as_view(), name="user_invite_again"),
    path("people/<int:pk>/deactivate/", people.UserDeactivate.as_view(), name="user_deactivate"),
    path("people/<int:pk>/reactivate/", people.UserReactivate.as_view(), name="user_reactivate"),
    path("people/<int:pk>/second-factor/", people.UserResetSecondFactor.as_view(), name="user_reset_second_factor"),
    path("people/<int:pk>/memberships/new/", memberships.MembershipCreate.as_view(), name="membership_create"),
    path("memberships/<int:pk>/end/", memberships.MembershipEnd.as_view(), name="membership_end"),
    path("people/<int:pk>/tokens/new/", profile.IntegrationTokenCreate.as_view(), name="integration_token_create"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("profile/name/", profile.ProfileUpdate.as_view(), name="profile_update"),
    path("profile/tokens/new/", profile.TokenCreate.as_view(), name="token_create"),
    path("tokens/<int:pk>/revoke/", profile.TokenRevoke.as_view(), name="token_revoke"),
]
